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
