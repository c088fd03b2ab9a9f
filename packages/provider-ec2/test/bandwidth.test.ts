import { describe, expect, it } from '@jest/globals';
import { aBench, type Bench, launchOne, runningOne } from './builders.js';

const MONTH = new Date('2020-01-01T00:00:00Z');

/** CloudWatch is switched on; the time is some days into the month. */
function aMeasuredBench(): Bench {
  const bench = aBench({ metrics: 'cloudwatch' });
  bench.clock.advance(2 * 24 * 3_600_000);
  return bench;
}

function macOf({ fake }: Bench, id: string): string {
  return fake.instance(id)?.interfaces[0]?.mac ?? '';
}

describe('bandwidth', () => {
  it('is absent unless CloudWatch is asked', () => {
    expect(aBench().provider.bandwidth).toBeUndefined();
  });

  it('sums what passed since then, on the first interface', async () => {
    const bench = aMeasuredBench();
    const id = await runningOne(bench);
    for (const [bytesIn, bytesOut] of [
      [100, 10],
      [200.4, 20],
    ] as const) {
      bench.fake.metrics.write(id, 'NetworkIn', bytesIn);
      bench.fake.metrics.write(id, 'NetworkOut', bytesOut);
      bench.clock.advance(24 * 3_600_000);
    }

    const counted = await bench.provider.bandwidth?.([id], MONTH);

    expect(counted).toEqual(new Map([[id, [{ mac: macOf(bench, id), bytesIn: 300, bytesOut: 30 }]]]));
  });

  it('leaves out what passed before', async () => {
    const bench = aMeasuredBench();
    const id = await runningOne(bench);
    bench.fake.metrics.write(id, 'NetworkIn', 1_000);
    bench.clock.advance(31 * 24 * 3_600_000);
    bench.fake.metrics.write(id, 'NetworkIn', 7);

    const counted = await bench.provider.bandwidth?.([id], new Date('2020-02-01T00:00:00Z'));

    expect(counted?.get(id)?.[0]).toMatchObject({ bytesIn: 7, bytesOut: 0 });
  });

  it('asks for 250 instances in one call, and follows its pages', async () => {
    const bench = aMeasuredBench();
    const ids = await Promise.all(Array.from({ length: 3 }, () => runningOne(bench)));
    for (const id of ids) bench.fake.metrics.write(id, 'NetworkOut', 5);

    bench.fake.metrics.pageSize = 4;
    const counted = await bench.provider.bandwidth?.(ids, MONTH);

    expect([...(counted?.values() ?? [])].flat().map(({ bytesOut }) => bytesOut)).toEqual([5, 5, 5]);
    expect(bench.fake.counts().byAction.GetMetricData).toBe(2);
  });

  it('takes more calls for more metrics than one carries', async () => {
    const bench = aMeasuredBench();
    const ids = await launchMany(bench, 260);

    const counted = await bench.provider.bandwidth?.(ids, MONTH);

    expect(counted?.size).toBe(260);
    expect(bench.fake.counts().byAction.GetMetricData).toBe(2);
  });

  it('that cannot be read rejects, once asked', async () => {
    const bench = aMeasuredBench();
    const id = await launchOne(bench);
    bench.fake.inject({ action: 'GetMetricData', code: 'AccessDenied' });

    await expect(bench.provider.bandwidth?.([id], MONTH)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(bench.fake.counts().byAction.GetMetricData).toBe(1);
  });
});

/** Straight from the fake: what is tested is how they are asked for. */
async function launchMany({ fake, clock }: Bench, count: number): Promise<readonly string[]> {
  const [subnet] = await fake.describeSubnets({});
  const [image] = await fake.describeImages({ owners: ['amazon'] });
  const launched = await fake.runInstances({
    clientToken: 'many',
    imageId: image?.imageId ?? '',
    instanceType: 't3.micro',
    minCount: count,
    maxCount: count,
    subnetId: subnet?.subnetId ?? '',
    market: 'on-demand',
    tags: {},
  });
  clock.advance(2_000);
  return launched.map(({ instanceId }) => instanceId);
}
