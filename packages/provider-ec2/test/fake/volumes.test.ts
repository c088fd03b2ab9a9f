import { describe, expect, it } from '@jest/globals';
import type { FakeEc2 } from '../../src/fake/index.js';
import { aFake, IMAGE_ID, launchedOne } from './builders.js';

async function running(ec2: FakeEc2, clock: { advance(ms: number): void }): Promise<string> {
  const id = await launchedOne(ec2, { availabilityZone: 'us-east-1a' });
  clock.advance(1_000);
  return id;
}

const stateOfVolume = async (ec2: FakeEc2, volumeId: string) => {
  const [volume] = await ec2.describeVolumes({ ids: [volumeId] });
  return volume?.attachments[0]?.state ?? volume?.state;
};

describe('FakeEc2: volumes', () => {
  it('come with a machine and go with it', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2, { rootDevice: { deviceName: '/dev/xvda', sizeGb: 20 } });
    expect(await ec2.describeVolumes({})).toMatchObject([{ sizeGb: 20, state: 'in-use', tags: { Name: 'web' } }]);

    await ec2.terminateInstances([id]);
    clock.advance(1_000);

    expect(await ec2.describeVolumes({})).toEqual([]);
  });

  it('come with a machine as many as were asked for, and stay where that was said', async () => {
    const { ec2, clock } = aFake();
    const moreDevices = [
      { deviceName: '/dev/sdb', sizeGb: 5 },
      { deviceName: '/dev/sdc', sizeGb: 7, isKept: true },
    ];
    const id = await launchedOne(ec2, { moreDevices });
    expect((await ec2.describeVolumes({})).map(({ sizeGb }) => sizeGb)).toEqual([8, 5, 7]);

    await ec2.terminateInstances([id]);
    clock.advance(1_000);

    expect(await ec2.describeVolumes({})).toMatchObject([{ sizeGb: 7, state: 'available', tags: { Name: 'web' } }]);
  });

  it('are attached and detached in their time, and outlive a machine that they were attached to', async () => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);
    const volumeId = ec2.addVolume({ zone: 'us-east-1a' });
    const seen: (string | undefined)[] = [];
    const look = async () => seen.push(await stateOfVolume(ec2, volumeId));

    await ec2.attachVolume({ volumeId, instanceId: id, device: '/dev/sdf' });
    await look();
    clock.advance(1_000);
    await look();
    await ec2.detachVolume({ volumeId, instanceId: id });
    await look();
    clock.advance(1_000);
    await look();
    await ec2.attachVolume({ volumeId, instanceId: id, device: '/dev/sdf' });
    await ec2.terminateInstances([id]);
    clock.advance(1_000);
    await look();

    expect(seen).toEqual(['attaching', 'attached', 'detaching', 'available', 'available']);
  });

  it.each([
    ['of another zone', { zone: 'us-east-1b' }, '/dev/sdf', 'InvalidVolume.ZoneMismatch'],
    ['at a device that is taken', { zone: 'us-east-1a' }, '/dev/xvda', 'InvalidParameterValue'],
    ['at no device at all', { zone: 'us-east-1a' }, '/dev/vdb', 'InvalidParameterValue'],
  ])('refuses one %s', async (_, volume, device, code) => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);

    await expect(ec2.attachVolume({ volumeId: ec2.addVolume(volume), instanceId: id, device })).rejects.toMatchObject({ code });
  });

  it('refuses what is in use, what is not there, and a root volume that a machine runs on', async () => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);
    const root = ec2.instance(id)?.blockDevices[0]?.volumeId ?? '';

    await expect(ec2.attachVolume({ volumeId: root, instanceId: id, device: '/dev/sdf' })).rejects.toMatchObject({
      code: 'VolumeInUse',
    });
    await expect(ec2.deleteVolume(root)).rejects.toMatchObject({ code: 'VolumeInUse' });
    await expect(ec2.detachVolume({ volumeId: root, instanceId: id })).rejects.toMatchObject({ code: 'OperationNotPermitted' });
    await expect(ec2.describeVolumes({ ids: ['vol-0fffffffffffffff0'] })).rejects.toMatchObject({
      code: 'InvalidVolume.NotFound',
    });
  });

  it('starts no machine without a root volume', async () => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);
    const root = ec2.instance(id)?.blockDevices[0]?.volumeId ?? '';
    await ec2.stopInstances([id]);
    clock.advance(1_000);
    await ec2.detachVolume({ volumeId: root, instanceId: id });
    clock.advance(1_000);

    await expect(ec2.startInstances([id])).rejects.toMatchObject({ code: 'IncorrectInstanceConfiguration' });
  });
});

describe('FakeEc2: root volume replacement', () => {
  const task = (instanceId: string, clientToken = 'x') => ({
    ...{ instanceId, clientToken, imageId: IMAGE_ID, deleteReplacedRootVolume: false, tags: {} },
  });

  it('goes its way, keeps the old volume when told to, and is one per token', async () => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);
    const first = await ec2.createReplaceRootVolumeTask(task(id));
    clock.advance(1_000);
    const [between] = await ec2.describeReplaceRootVolumeTasks(id);
    clock.advance(1_000);
    const again = await ec2.createReplaceRootVolumeTask(task(id));

    expect([first.state, between?.state, again.state]).toEqual(['pending', 'in-progress', 'succeeded']);
    expect(again.taskId).toBe(first.taskId);
    expect((await ec2.describeVolumes({})).map(({ state }) => state).sort()).toEqual(['available', 'in-use']);
  });

  it('refuses a used token with other parameters, a second task at once, and a machine that does not run', async () => {
    const { ec2, clock } = aFake();
    const id = await running(ec2, clock);
    await ec2.createReplaceRootVolumeTask(task(id));

    await expect(ec2.createReplaceRootVolumeTask({ ...task(id), deleteReplacedRootVolume: true })).rejects.toMatchObject({
      code: 'IdempotentParameterMismatch',
    });
    await expect(ec2.createReplaceRootVolumeTask(task(id, 'y'))).rejects.toMatchObject({ code: 'IncorrectState' });
    clock.advance(2_000);
    await ec2.stopInstances([id]);
    await expect(ec2.createReplaceRootVolumeTask(task(id, 'z'))).rejects.toMatchObject({ code: 'IncorrectInstanceState' });
  });
});
