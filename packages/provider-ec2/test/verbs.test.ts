import { describe, expect, it } from '@jest/globals';
import { createEc2Provider } from '../src/index.js';
import { aBench, aConfig, aRequest, launchOne, whileTimePasses } from './builders.js';

const UNKNOWN = 'i-0fffffffffffffff0';

describe('describe', () => {
  it('answers the others when some ids are unknown, in two calls', async () => {
    const bench = aBench();
    const ids = [await launchOne(bench), await launchOne(bench)];
    bench.fake.clearCalls();

    const found = await bench.provider.describe([...ids, UNKNOWN, 'no id at all']);

    expect([...found.keys()].sort()).toEqual([...ids].sort());
    expect(bench.fake.counts().byAction.DescribeInstances).toBe(2);
  });

  it('finds the culprit by halves when EC2 does not name it', async () => {
    const bench = aBench();
    const ids = [await launchOne(bench), await launchOne(bench), await launchOne(bench)];
    bench.fake.inject({ action: 'DescribeInstances', code: 'InvalidInstanceID.NotFound', message: 'one of them does not exist' });

    expect((await bench.provider.describe(ids)).size).toBe(3);
  });

  it('gathers what many callers ask in one moment', async () => {
    const bench = aBench();
    const ids = await Promise.all(Array.from({ length: 4 }, () => launchOne(bench)));
    bench.fake.clearCalls();

    await Promise.all(ids.map((id) => bench.provider.describe([id])));

    expect(bench.fake.counts().byAction.DescribeInstances).toBe(1);
  });

  it('rides out trouble for a while and then says so', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    bench.fake.inject({ action: 'DescribeInstances', code: 'RequestLimitExceeded', times: 4 });
    expect((await whileTimePasses(bench.clock, bench.provider.describe([id]))).size).toBe(1);

    bench.fake.inject({ action: 'DescribeInstances', code: 'InternalError', times: null });
    await expect(whileTimePasses(bench.clock, bench.provider.describe([id]))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('address ranges', () => {
  it('are left open rather than holding up a describe when EC2 does not tell them, and asked for again later', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    const replica = createEc2Provider(aConfig({ api: bench.fake, clock: bench.clock }));
    bench.fake.inject({ action: 'DescribeSubnets', code: 'InternalError' });
    const cidr = async () => (await replica.describe([id])).get(id)?.nics[0]?.cidr;

    expect(await cidr()).toBeNull();
    expect(await cidr()).toBeNull();

    bench.clock.advance(10_000);
    expect(await cidr()).toMatch(/^172\.31\./);
  });
});

describe('list', () => {
  it('asks for our own machines only, page by page', async () => {
    const bench = aBench();
    await Promise.all(Array.from({ length: 3 }, () => launchOne(bench)));

    const { instances, next } = await bench.provider.list();

    expect(instances).toHaveLength(3);
    expect(next).toBeUndefined();
    expect(instances.every(({ uuid }) => uuid !== null)).toBe(true);
  });
});

describe('power verbs', () => {
  it('make one call of many stops in one moment', async () => {
    const bench = aBench();
    const ids = await Promise.all(Array.from({ length: 5 }, () => launchOne(bench)));
    bench.clock.advance(2000);

    await Promise.all(ids.map((id) => bench.provider.stop(id)));

    expect(bench.fake.counts().byAction.StopInstances).toBe(1);
  });

  it('let one bad machine spoil nothing for the others', async () => {
    const bench = aBench();
    const ids = await Promise.all(Array.from({ length: 4 }, () => launchOne(bench)));
    bench.clock.advance(600_000);

    const outcomes = await Promise.allSettled([UNKNOWN, ...ids].map((id) => bench.provider.stop(id)));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...ids.map(() => 'fulfilled')]);
    expect(outcomes[0]).toMatchObject({ reason: { kind: 'not-found', subject: 'instance' } });
  });

  it('force a stop when told to', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    bench.clock.advance(2000);

    await Promise.all([bench.provider.stop(id, { force: true })]);

    expect(bench.fake.instance(id)?.state).toBe('stopping');
  });

  it('do not repeat by themselves what EC2 throttles', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    bench.clock.advance(2000);
    bench.fake.inject({ action: 'StopInstances', code: 'RequestLimitExceeded' });

    await expect(bench.provider.stop(id)).rejects.toMatchObject({ kind: 'throttled' });
    expect(bench.fake.counts().byAction.StopInstances).toBe(1);
  });

  it('never take a machine that EC2 does not know yet for gone', async () => {
    const bench = aBench({}, { lag: { unseenMs: 60_000 } });
    const id = await launchOne(bench);

    await expect(bench.provider.terminate(id)).rejects.toMatchObject({ kind: 'unavailable' });
    bench.clock.advance(60_000);
    await bench.provider.terminate(id);

    expect(bench.fake.instance(id)?.state).toBe('shutting-down');
  });

  it('are content with the end of what does not exist', async () => {
    const { provider } = aBench();

    await expect(provider.terminate(UNKNOWN)).resolves.toBeUndefined();
    await expect(provider.terminate('no id at all')).resolves.toBeUndefined();
  });
});

describe('consoleOutput', () => {
  it('answers what EC2 kept', async () => {
    const bench = aBench();
    const id = await launchOne(bench);
    bench.clock.advance(600_000);
    bench.fake.setConsole(id, 'login: ');

    expect((await bench.provider.consoleOutput?.(id))?.text).toContain('login: ');
  });
});

describe('shape', () => {
  it('says which configured zone the region does not have', async () => {
    await expect(aBench({ zones: ['us-east-1z'] }).provider.shape()).rejects.toMatchObject({
      kind: 'invalid',
      message: '[ec2] zones: us-east-1z is not in this region; use us-east-1a, us-east-1b, us-east-1c',
    });
  });

  it('shows the zones that have a subnet, and what may still be started', async () => {
    const { provider } = aBench({ zones: ['us-east-1a', 'us-east-1c'], networkLabel: 'x' });

    expect(await provider.shape()).toEqual({
      zones: [
        { name: 'us-east-1a', available: true },
        { name: 'us-east-1c', available: true },
      ],
      hypervisorType: 'ec2',
      hypervisorVersion: 20161115,
      capabilities: { region: ['us-east-1'], market: ['on-demand'] },
      headroom: { instances: 8182, vcpus: null, memoryMb: null, diskGb: null },
      refusedMemoryMb: [],
    });
  });

  it('is answered from memory, and looked at again after a minute', async () => {
    const bench = aBench();
    await bench.provider.shape();
    await bench.provider.shape();
    expect(bench.fake.counts().byAction.DescribeAvailabilityZones).toBe(1);

    bench.clock.advance(60_000);
    await bench.provider.shape();

    expect(bench.fake.counts().byAction.DescribeAvailabilityZones).toBe(2);
  });

  it('says which size is refused everywhere, as soon as it is, and no longer than it is', async () => {
    const bench = aBench({ instanceTypeMap: { 'm1.small': ['m5.large'] }, zones: ['us-east-1a', 'us-east-1b'] });
    bench.fake.setRoom({ zone: 'us-east-1a' }, 0);
    bench.fake.setRoom({ zone: 'us-east-1b' }, 0);

    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'capacity' });
    expect((await bench.provider.shape()).refusedMemoryMb).toEqual([]);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'capacity' });
    expect((await bench.provider.shape()).refusedMemoryMb).toEqual([aRequest().flavor.memoryMb]);

    bench.clock.advance(180_000);
    expect((await bench.provider.shape()).refusedMemoryMb).toEqual([]);
  });

  it('has room for nothing while the quota is spent', async () => {
    const bench = aBench();
    bench.fake.setQuota({ market: 'on-demand', family: 'standard' }, 0);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'quota' });

    expect((await bench.provider.shape()).headroom).toMatchObject({ instances: 0, vcpus: 0, memoryMb: 0 });
  });
});
