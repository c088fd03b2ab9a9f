import { describe, expect, it } from '@jest/globals';
import { aBench, abilitiesOf, launchOne, runningOne } from './builders.js';

describe('diagnostics', () => {
  it('tell state, uptime since the last start, and what EC2 thinks of its health', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    bench.clock.advance(60_000);

    expect(await abilitiesOf(bench).diagnostics(id)).toMatchObject({
      state: 'running',
      uptimeSeconds: 60,
      details: { instanceStatus: 'ok', systemStatus: 'ok', zone: 'us-east-1a' },
    });
  });

  it('of a stopped machine ask nothing about its health', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    await bench.provider.stop(id);
    bench.clock.advance(1_000);

    expect(await abilitiesOf(bench).diagnostics(id)).toMatchObject({ state: 'shutdown', uptimeSeconds: null });
    expect(bench.fake.counts().byAction).not.toHaveProperty('DescribeInstanceStatus');
  });
});

describe('diagnostics with CloudWatch', () => {
  /** A machine that has run for two hours. */
  async function aMeasured() {
    const bench = aBench({ metrics: 'cloudwatch' });
    const id = await runningOne(bench);
    bench.clock.advance(2 * 3_600_000);
    return { bench, id };
  }

  it('tell the newest load, and traffic and disk operations since the start', async () => {
    const { bench, id } = await aMeasured();
    const { metrics } = bench.fake;
    metrics.write(id, 'CPUUtilization', 80);
    bench.clock.advance(5 * 60_000);
    metrics.write(id, 'CPUUtilization', 12.5);
    for (const name of ['NetworkIn', 'NetworkOut', 'EBSReadBytes', 'EBSWriteBytes', 'EBSWriteOps']) metrics.write(id, name, 7);

    expect(await abilitiesOf(bench).diagnostics(id)).toMatchObject({
      cpuUtilisation: 12.5,
      nics: [{ rxBytes: 7, txBytes: 7 }],
      disks: [{ readBytes: 7, writeBytes: 7 }],
      details: { diskWriteOps: 7 },
    });
  });

  it('tell nothing where nothing was written', async () => {
    const { bench, id } = await aMeasured();

    const { cpuUtilisation, nics, disks, details } = await abilitiesOf(bench).diagnostics(id);

    expect({ cpuUtilisation, nics, disks }).toMatchObject({
      cpuUtilisation: null,
      nics: [{ rxBytes: null, txBytes: null }],
      disks: [{ readBytes: null, writeBytes: null }],
    });
    expect(details).not.toHaveProperty('diskReadOps');
  });

  it('of a stopped machine do not pay for figures', async () => {
    const { bench, id } = await aMeasured();
    await bench.provider.stop(id);
    bench.clock.advance(1_000);

    await abilitiesOf(bench).diagnostics(id);

    expect(bench.fake.counts().byAction).not.toHaveProperty('GetMetricData');
  });
});
