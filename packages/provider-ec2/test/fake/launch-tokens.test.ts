import { describe, expect, it } from '@jest/globals';
import { aFake, aLaunch, launched, launchedOne } from './builders.js';

describe('FakeEc2: client tokens', () => {
  it('answers a repeated launch with the machines of the first, in their present state', async () => {
    const { ec2, clock } = aFake();
    const [id] = await launched(ec2);
    clock.advance(1000);

    const again = await ec2.runInstances(aLaunch());

    expect(again).toMatchObject([{ instanceId: id, state: 'running' }]);
    expect(ec2.snapshot().instances).toHaveLength(1);
  });

  it('does not care in which order parameters come', async () => {
    const { ec2 } = aFake();
    const id = await launchedOne(ec2, { tags: { a: '1', b: '2' } });

    expect(await launchedOne(ec2, { tags: { b: '2', a: '1' } })).toBe(id);
  });

  it('refuses a token that comes back with other parameters', async () => {
    const { ec2 } = aFake();
    await launched(ec2);

    await expect(launched(ec2, { tags: { Name: 'other' } })).rejects.toMatchObject({
      code: 'IdempotentParameterMismatch',
      httpStatus: 400,
    });
  });

  it('counts a token per zone when the launch names one: another zone is another launch', async () => {
    const { ec2 } = aFake();

    const first = await launchedOne(ec2, { availabilityZone: 'us-east-1a' });
    const second = await launchedOne(ec2, { availabilityZone: 'us-east-1b' });

    expect(second).not.toBe(first);
  });

  it('refuses a token whose machines have all ended, also when they are no longer shown', async () => {
    const { ec2, clock } = aFake();
    const [first = '', second = ''] = await launched(ec2, { minCount: 2, maxCount: 2 });
    const repeat = () => launched(ec2, { minCount: 2, maxCount: 2 });

    await ec2.terminateInstances([first]);
    expect(await repeat()).toHaveLength(2);

    await ec2.terminateInstances([second]);
    await expect(repeat()).rejects.toMatchObject({ code: 'IdempotentInstanceTerminated' });
    clock.advance(24 * 3_600_000);
    await expect(repeat()).rejects.toMatchObject({ code: 'IdempotentInstanceTerminated' });
  });

  it('does not spend the token of a launch that failed', async () => {
    const { ec2 } = aFake();
    ec2.setRoom({}, 0);
    await expect(launched(ec2)).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });

    ec2.setRoom({}, null);

    expect(await launched(ec2, { tags: { Name: 'changed' } })).toHaveLength(1);
  });

  it('finds the machines of a token by filter', async () => {
    const { ec2 } = aFake();
    await launchedOne(ec2, { clientToken: 'a' });
    const id = await launchedOne(ec2, { clientToken: 'b' });

    const { instances } = await ec2.describeInstances({ filters: { 'client-token': ['b'] } });

    expect(instances.map(({ instanceId }) => instanceId)).toEqual([id]);
  });
});
