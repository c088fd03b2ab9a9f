import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AMI, aBench, abilitiesOf, type Bench } from './builders.js';

const UUID = '11111111-1111-4111-8111-111111111111';

/** As somebody with an EC2 console starts one, with a second disk. */
async function anOutsider({ fake, clock }: Bench): Promise<string> {
  const launch = { clientToken: randomUUID(), imageId: AMI, instanceType: 't3.small', minCount: 1, maxCount: 1 };
  const [machine] = await fake.runInstances({ ...launch, market: 'on-demand', tags: { Name: 'theirs' } });
  const id = machine?.instanceId ?? '';
  clock.advance(2_000);
  const volumeId = fake.addVolume({ zone: machine?.availabilityZone ?? '', tags: { Name: 'data' } });
  await fake.attachVolume({ volumeId, instanceId: id, device: '/dev/sdf' });
  clock.advance(2_000);
  return id;
}

const tagsOfDisks = async ({ fake }: Bench) => (await fake.describeVolumes({ filters: {} })).map(({ tags }) => tags);
const endings = ({ fake }: Bench) => fake.volumes().map(({ deleteOnTermination }) => deleteOnTermination);

describe('the disks of an adopted machine', () => {
  it('carry the cell’s tags beside their own, and end with the machine or not as before', async () => {
    const bench = aBench();
    const id = await anOutsider(bench);
    const before = endings(bench);

    await abilitiesOf(bench).adopt(id, UUID);
    await abilitiesOf(bench).adopt(id, UUID);

    const ours = { 'burstcell:cell': 'ec2', 'burstcell:incarnation': 'first', 'burstcell:uuid': UUID };
    expect(await tagsOfDisks(bench)).toMatchObject([
      { Name: 'theirs', ...ours },
      { Name: 'data', ...ours },
    ]);
    expect(endings(bench)).toEqual(before);
  });

  it('lose them when it is released, also one that was taken off it meanwhile', async () => {
    const bench = aBench();
    const id = await anOutsider(bench);
    const before = await tagsOfDisks(bench);
    await abilitiesOf(bench).adopt(id, UUID);
    const data = bench.fake.volumes().find(({ device }) => device === '/dev/sdf')?.volumeId ?? '';
    await bench.fake.detachVolume({ volumeId: data, instanceId: id });
    bench.clock.advance(2_000);

    await abilitiesOf(bench).release(id);
    await abilitiesOf(bench).release(id);

    expect(await tagsOfDisks(bench)).toEqual(before);
  });

  it('stay another cell’s where they are', async () => {
    const bench = aBench();
    const id = await anOutsider(bench);
    const data = bench.fake.volumes().find(({ device }) => device === '/dev/sdf')?.volumeId ?? '';
    await bench.fake.createTags([data], { 'burstcell:cell': 'other' });

    await abilitiesOf(bench).adopt(id, UUID);
    await abilitiesOf(bench).release(id);

    expect((await tagsOfDisks(bench)).map((tags) => tags['burstcell:cell'])).toEqual([undefined, 'other']);
  });
});
