import { describe, expect, it } from '@jest/globals';
import { AMI, ARM_AMI, aBench, abilitiesOf, finish, runningOne } from './builders.js';

const other = 'ami-0a1b2c3d4e5f60003';

describe('rebuild', () => {
  it('puts the image on a new root volume, deletes the old one and tags the new one as its machine', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const [before] = bench.fake.volumes();

    await finish(bench, () => abilitiesOf(bench).rebuild(id, { providerImageId: other, token: 't' }));

    const [after, ...more] = await bench.fake.describeVolumes({});
    expect(more).toEqual([]);
    expect(after?.volumeId).not.toBe(before?.volumeId);
    expect(after?.tags).toMatchObject({ 'burstcell:cell': 'ec2', 'burstcell:incarnation': 'first' });
    expect(bench.fake.instance(id)).toMatchObject({ imageId: other, state: 'running' });
  });

  it('starts a stopped machine for it and stops it again', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    await bench.provider.stop(id);
    bench.clock.advance(1_000);

    await finish(bench, () => abilitiesOf(bench).rebuild(id, { providerImageId: AMI, token: 't' }));

    expect(bench.fake.instance(id)?.state).toBe('stopped');
    expect(bench.fake.instance(id)?.tags).not.toHaveProperty('burstcell:rebuild');
    expect(bench.fake.rootReplacements(id, 'deleted')).toBe(1);
  });

  it('says invalid, about the image, when EC2 gives up, and the machine keeps its disk', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    bench.fake.failRootTasks('failed');

    await expect(
      finish(bench, () => abilitiesOf(bench).rebuild(id, { providerImageId: other, token: 't' })),
    ).rejects.toMatchObject({ kind: 'invalid', subject: 'image' });
    expect(bench.fake.instance(id)?.imageId).toBe(AMI);
  });

  it('refuses an image of another architecture', async () => {
    const bench = aBench();
    const id = await runningOne(bench);

    await expect(abilitiesOf(bench).rebuild(id, { providerImageId: ARM_AMI, token: 't' })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
});
