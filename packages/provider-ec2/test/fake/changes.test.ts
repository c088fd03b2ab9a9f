import { describe, expect, it } from '@jest/globals';
import { aFake, launched, launchedOne } from './builders.js';

describe('FakeEc2: changes', () => {
  it('lets the type of a stopped machine only be changed, and only to one of its architecture', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(1_000);
    await expect(ec2.modifyInstanceAttribute(id, { instanceType: 'm5.large' })).rejects.toMatchObject({
      code: 'IncorrectInstanceState',
    });
    await ec2.stopInstances([id]);
    clock.advance(1_000);

    await expect(ec2.modifyInstanceAttribute(id, { instanceType: 'm6g.large' })).rejects.toMatchObject({
      code: 'InvalidParameterCombination',
    });
    await ec2.modifyInstanceAttribute(id, { instanceType: 'm5.large' });

    expect(ec2.instance(id)?.instanceType).toBe('m5.large');
  });

  it('needs room of the new type to start it, and gives the old room back', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(1_000);
    await ec2.stopInstances([id]);
    clock.advance(1_000);
    await ec2.modifyInstanceAttribute(id, { instanceType: 'm5.large' });
    ec2.setRoom({ instanceType: 'm5.large' }, 0);

    await expect(ec2.startInstances([id])).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });
    ec2.setRoom({ instanceType: 'm5.large' }, 1);
    await ec2.startInstances([id]);

    expect(ec2.instance(id)?.state).toBe('pending');
  });

  it('tags one machine of a launch without its neighbour, finds it by that, and takes tags back', async () => {
    const { ec2 } = aFake();
    const [one = '', other = ''] = await launched(ec2, { minCount: 2, maxCount: 2 });

    await ec2.createTags([one], { colour: 'red' });

    const found = await ec2.describeInstances({ filters: { 'tag:colour': ['red'] } });
    expect(found.instances.map(({ instanceId }) => instanceId)).toEqual([one]);
    expect(ec2.instance(other)?.tags).toEqual({ Name: 'web' });
    await ec2.deleteTags([one], ['colour', 'never-there']);
    expect(ec2.instance(one)?.tags).toEqual({ Name: 'web' });
  });

  it('takes no more than fifty tags, and none of AWS’s own', async () => {
    const { ec2 } = aFake();
    const id = await launchedOne(ec2);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`t${at}`, 'x']));

    await expect(ec2.createTags([id], many)).rejects.toMatchObject({ code: 'TagLimitExceeded' });
    await expect(ec2.createTags([id], { 'aws:x': 'y' })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('hibernates what was launched for it, and says so in the reason', async () => {
    const { ec2, clock } = aFake();
    const rootDevice = { deviceName: '/dev/xvda', sizeGb: 20, encrypted: true };
    const [plain, able] = [await launchedOne(ec2), await launchedOne(ec2, { clientToken: 'b', hibernation: true, rootDevice })];
    clock.advance(1_000);

    await expect(ec2.stopInstances([plain], { hibernate: true })).rejects.toMatchObject({
      code: 'UnsupportedHibernationConfiguration',
    });
    await ec2.stopInstances([able], { hibernate: true });
    clock.advance(1_000);

    expect(ec2.instance(able)).toMatchObject({
      state: 'stopped',
      stateReason: expect.stringContaining('UserInitiatedHibernate'),
    });
    await expect(launchedOne(ec2, { clientToken: 'c', hibernation: true })).rejects.toMatchObject({
      code: 'UnsupportedHibernationConfiguration',
    });
  });

  it('throttles tagging at its own rate', async () => {
    const { ec2 } = aFake({ buckets: true });
    const id = await launchedOne(ec2);
    for (let call = 0; call < 100; call += 1) await ec2.createTags([id], { a: String(call) });

    await expect(ec2.createTags([id], { a: 'b' })).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
  });
});
