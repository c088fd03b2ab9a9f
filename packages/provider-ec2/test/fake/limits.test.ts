import { describe, expect, it } from '@jest/globals';
import { aFake, aLaunch, launched, launchedOne } from './builders.js';

const throttled = { code: 'RequestLimitExceeded', httpStatus: 503 };

describe('FakeEc2: AWS’s throttle', () => {
  it('lets five launches through at once and two a second after that', async () => {
    const { ec2, clock } = aFake({ buckets: true });
    for (let n = 0; n < 5; n += 1) await launched(ec2, { clientToken: `a${n}` });

    await expect(launched(ec2, { clientToken: 'b' })).rejects.toMatchObject(throttled);
    clock.advance(500);
    await launched(ec2, { clientToken: 'b' });
    await expect(launched(ec2, { clientToken: 'c' })).rejects.toMatchObject(throttled);

    expect(ec2.snapshot().instances).toHaveLength(6);
  });

  it('counts the instances of a launch in a bucket of their own', async () => {
    const { ec2, clock } = aFake({ buckets: true });
    await launched(ec2, { clientToken: 'a', minCount: 990, maxCount: 990 });

    await expect(launched(ec2, { clientToken: 'b', minCount: 20, maxCount: 20 })).rejects.toMatchObject(throttled);
    clock.advance(5_000);
    expect(await launched(ec2, { clientToken: 'b', minCount: 20, maxCount: 20 })).toHaveLength(20);
  });

  it('keeps one action’s bucket apart from another’s', async () => {
    const { ec2 } = aFake({ buckets: { RunInstances: { requests: { capacity: 1, perSecond: 1 } } } });
    const id = await launchedOne(ec2);
    await expect(launched(ec2, { clientToken: 'b' })).rejects.toMatchObject(throttled);

    await ec2.terminateInstances([id]);

    expect(ec2.counts().byOutcome).toMatchObject({ 'RunInstances ok': 1, 'RunInstances RequestLimitExceeded': 1 });
  });

  it('limits a describe of everything harder than one by pages', async () => {
    const { ec2 } = aFake({ buckets: true });
    for (let n = 0; n < 50; n += 1) await ec2.describeInstances({});

    await expect(ec2.describeInstances({})).rejects.toMatchObject(throttled);
    expect((await ec2.describeInstances({ maxResults: 100 })).instances).toEqual([]);
  });

  it('throttles nothing unless it is told to', async () => {
    const { ec2 } = aFake();

    await Promise.all(Array.from({ length: 200 }, (_, n) => launched(ec2, { clientToken: `t${n}` })));

    expect(ec2.snapshot().states).toEqual({ pending: 200 });
  });
});

describe('FakeEc2: injected faults', () => {
  it('fails before the effect: nothing has happened', async () => {
    const { ec2 } = aFake();
    ec2.inject({ action: 'RunInstances', code: 'InternalError' });

    await expect(launched(ec2)).rejects.toMatchObject({ code: 'InternalError', httpStatus: 500 });

    expect(ec2.snapshot().instances).toEqual([]);
    expect(await launched(ec2)).toHaveLength(1);
  });

  it('loses the answer after the effect: the same token finds the machine', async () => {
    const { ec2 } = aFake();
    ec2.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    await expect(launched(ec2)).rejects.toMatchObject({ code: 'NetworkingError', httpStatus: null });

    expect(await launched(ec2)).toEqual(ec2.snapshot().instances.map(({ instanceId }) => instanceId));
  });

  it('strikes as often as asked, after as many as asked were spared', async () => {
    const { ec2 } = aFake();
    ec2.inject({ action: '*', code: 'Unavailable', skip: 1, times: 2 });

    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => ec2.describeAvailabilityZones()));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  it('strikes until it is cleared when no number is given', async () => {
    const { ec2 } = aFake();
    ec2.inject({ action: 'DescribeImages', code: 'UnauthorizedOperation', times: null });
    for (let n = 0; n < 3; n += 1) await expect(ec2.describeImages({})).rejects.toMatchObject({ httpStatus: 403 });

    ec2.clearInjections();

    await expect(ec2.describeImages({})).resolves.not.toEqual([]);
  });

  it('lets an abort end the wait and not the effect', async () => {
    const { ec2, clock } = aFake({ latencyMs: 100 });
    const abort = new AbortController();
    const born = new Promise((resolve) => ec2.onStateChange(resolve));
    const answer = ec2.runInstances(aLaunch(), { signal: abort.signal });

    abort.abort(new Error('no time left'));
    await expect(answer).rejects.toThrow('no time left');
    clock.advance(100);

    expect(await born).toMatchObject({ state: 'pending' });
    expect(ec2.snapshot().instances).toHaveLength(1);
  });

  it('forgets everything on reset', async () => {
    const { ec2, clock } = aFake();
    await launched(ec2);
    ec2.setRoom({}, 0);
    ec2.inject({ action: '*', code: 'Unavailable', times: null });

    ec2.reset();
    clock.advance(1000);

    expect(ec2.snapshot()).toMatchObject({ instances: [], calls: { total: 0 } });
    expect(await launched(ec2)).toHaveLength(1);
  });
});

describe('FakeEc2: size', () => {
  it('carries 10,000 instances at thousands of calls a second', async () => {
    const subnets = [
      { subnetId: 'subnet-1', vpcId: 'vpc-1', zone: 'us-east-1a', cidr: '10.0.0.0/16', freeAddresses: 60_000, name: null },
    ];
    const { ec2, clock } = aFake({ region: { subnets } });
    const began = performance.now();

    for (let n = 0; n < 5_000; n += 1) await launched(ec2, { clientToken: `a${n}` });
    for (let n = 0; n < 10; n += 1) await launched(ec2, { clientToken: `b${n}`, minCount: 500, maxCount: 500 });
    clock.advance(1000);
    for (let n = 0; n < 5_000; n += 1) await ec2.describeInstances({ filters: { 'client-token': [`a${n}`] } });

    expect(ec2.snapshot().states).toEqual({ running: 10_000 });
    expect(ec2.counts().total / ((performance.now() - began) / 1000)).toBeGreaterThan(1_000);
  });
});
