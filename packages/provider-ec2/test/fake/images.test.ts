import { describe, expect, it } from '@jest/globals';
import type { CreateImageInput } from '../../src/ports/ec2-storage-api.js';
import { aFake, aLaunch, launchedOne } from './builders.js';

const anImage = (instanceId: string, changes: Partial<CreateImageInput> = {}): CreateImageInput => ({
  ...{ instanceId, name: 'nightly', noReboot: true, omitDevices: [], tags: { role: 'db' } },
  ...changes,
});

async function aRunning(options = {}) {
  const { ec2, clock } = aFake(options);
  const id = await launchedOne(ec2);
  clock.advance(1_000);
  return { ec2, clock, id };
}

describe('FakeEc2: images', () => {
  it('are pending, then available with their snapshots, and machines can be made of them', async () => {
    const { ec2, clock, id } = await aRunning();
    const { imageId } = await ec2.createImage(anImage(id));
    await expect(ec2.runInstances(aLaunch({ imageId, clientToken: 'b' }))).rejects.toMatchObject({
      code: 'InvalidAMIID.Unavailable',
    });

    clock.advance(1_000);

    expect(await ec2.describeImages({ owners: ['self'] })).toMatchObject([{ imageId, state: 'available', tags: { role: 'db' } }]);
    expect(await ec2.describeSnapshots({ filters: { description: [`*for ${imageId}*`] } })).toMatchObject([
      { state: 'completed', progress: 100 },
    ]);
    expect(await launchedOne(ec2, { imageId, clientToken: 'b' })).toMatch(/^i-/);
  });

  it('have a name of their own in the account, also while reads do not show them', async () => {
    const { ec2, clock, id } = await aRunning({ lag: { unseenMs: 0 } });
    const { imageId } = await ec2.createImage(anImage(id));

    await expect(ec2.createImage(anImage(id))).rejects.toMatchObject({
      code: 'InvalidAMIName.Duplicate',
      message: expect.stringContaining(imageId),
    });
    await expect(ec2.createImage(anImage(id, { name: 'x' }))).rejects.toMatchObject({ code: 'InvalidAMIName.Malformed' });
    clock.advance(1_000);
    expect(ec2.ebsSnapshots()).toHaveLength(1);
  });

  it('hold their snapshots until they are deregistered', async () => {
    const { ec2, id } = await aRunning();
    const { imageId } = await ec2.createImage(anImage(id));
    const snapshotId = ec2.ebsSnapshots()[0]?.snapshotId ?? '';
    await expect(ec2.deleteSnapshot(snapshotId)).rejects.toMatchObject({ code: 'InvalidSnapshot.InUse' });

    await ec2.deregisterImage(imageId);
    await ec2.deleteSnapshot(snapshotId);

    expect(ec2.ebsSnapshots()).toEqual([]);
    await expect(ec2.deregisterImage(imageId)).rejects.toMatchObject({ code: 'InvalidAMIID.NotFound' });
  });
});
