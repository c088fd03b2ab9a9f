import { describe, expect, it } from '@jest/globals';
import { aBench, aRequest, whileTimePasses } from './builders.js';

describe("a burst under AWS's published buckets", () => {
  it('of 1,000 boots of one shape is launched in some seconds, and EC2 never has to throttle', async () => {
    const bench = aBench({}, { buckets: true });
    const requests = Array.from({ length: 1000 }, () => aRequest());
    const [offering] = await bench.provider.offerings(aRequest());
    const launches = offering ? bench.provider.freeze(requests, offering, 1) : [];
    const begin = bench.clock.now();

    const answers = await whileTimePasses(bench.clock, Promise.all(launches.map((launch) => bench.provider.launch(launch))));

    expect(answers.flatMap((answer) => [...answer.keys()])).toHaveLength(1000);
    expect(bench.clock.now() - begin).toBeLessThan(10_000);
    expect(bench.fake.counts().byAction.RunInstances).toBe(20);
    expect(Object.keys(bench.fake.counts().byOutcome)).not.toContain('RunInstances RequestLimitExceeded');
  });

  it('of single launches keeps to the rate that AWS admits', async () => {
    const bench = aBench({}, { buckets: true });
    const [offering] = await bench.provider.offerings(aRequest());
    const launches = offering ? Array.from({ length: 25 }, () => bench.provider.freeze([aRequest()], offering, 1)).flat() : [];
    const begin = bench.clock.now();

    await whileTimePasses(bench.clock, Promise.all(launches.map((launch) => bench.provider.launch(launch))));

    expect(bench.clock.now() - begin).toBeGreaterThanOrEqual(10_000);
    expect(bench.clock.now() - begin).toBeLessThan(12_000);
    expect(Object.keys(bench.fake.counts().byOutcome)).not.toContain('RunInstances RequestLimitExceeded');
  });

  it('of admitted launches uses up one request each, and counts all machines', async () => {
    const bench = aBench({}, { buckets: true });
    const [offering] = await bench.provider.offerings(aRequest());
    const begin = bench.clock.now();
    const admittedLaunch = async () => {
      await bench.provider.admit?.();
      const requests = Array.from({ length: 10 }, () => aRequest());
      const [launch] = offering ? bench.provider.freeze(requests, offering, 1) : [];
      if (launch) await bench.provider.launch(launch, { admitted: true });
    };

    await whileTimePasses(bench.clock, Promise.all(Array.from({ length: 15 }, admittedLaunch)));

    expect(bench.fake.snapshot().instances).toHaveLength(150);
    expect(bench.clock.now() - begin).toBeGreaterThanOrEqual(5000);
    expect(bench.clock.now() - begin).toBeLessThan(6000);
    expect(Object.keys(bench.fake.counts().byOutcome)).not.toContain('RunInstances RequestLimitExceeded');
  });

  it('of power verbs is gathered into a few calls', async () => {
    const bench = aBench({}, { buckets: true });
    const requests = Array.from({ length: 200 }, () => aRequest());
    const [offering] = await bench.provider.offerings(aRequest());
    const launches = offering ? bench.provider.freeze(requests, offering, 1) : [];
    const answers = await whileTimePasses(bench.clock, Promise.all(launches.map((launch) => bench.provider.launch(launch))));
    const ids = answers.flatMap((answer) => [...answer.values()].map(({ providerId }) => providerId));
    bench.clock.advance(5000);

    await whileTimePasses(bench.clock, Promise.all(ids.map((id) => bench.provider.stop(id))));
    bench.clock.advance(5000);
    await whileTimePasses(bench.clock, Promise.all(ids.map((id) => bench.provider.start(id))));

    expect(bench.fake.counts().byAction).toMatchObject({ StopInstances: 2, StartInstances: 2 });
  });
});
