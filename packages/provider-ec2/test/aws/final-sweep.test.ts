import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2 } from '../../src/fake/index.js';
import { Ec2Error, type RunInstancesInput } from '../../src/ports/ec2-api.js';
import { finalSweep } from './final-sweep.js';
import { overriding } from './overriding.js';
import { RUN_TAG } from './run-tag.js';

const ofRun = (run: string) => ({ [RUN_TAG]: run });
const NOW = { patienceMs: 0, lookMs: 1 };

describe('the final sweep', () => {
  let fake: FakeEc2;
  beforeEach(() => {
    fake = new FakeEc2({ delays: 0 });
  });
  afterEach(() => fake.reset());

  const launch = async (run: string, changes: Partial<RunInstancesInput> = {}) => {
    const input: RunInstancesInput = {
      clientToken: randomUUID(),
      imageId: defaultRegion.images[0]?.imageId ?? '',
      instanceType: 't3.micro',
      minCount: 1,
      maxCount: 1,
      market: 'on-demand',
      tags: ofRun(run),
      ...changes,
    };
    return (await fake.runInstances(input))[0]?.instanceId ?? '';
  };
  const aVolume = (run: string) => fake.addVolume({ zone: 'us-east-1a', tags: ofRun(run) });
  const states = () => Object.fromEntries(fake.snapshot().instances.map(({ instanceId, state }) => [instanceId, state]));

  it("ends and deletes all of its run, names it, and leaves another run's alone", async () => {
    const [own, other] = [await launch('mine'), await launch('theirs')];
    const { imageId } = await fake.createImage({
      ...{ instanceId: own, name: 'made here', noReboot: true, omitDevices: [] },
      tags: ofRun('mine'),
    });
    const [volume, othersVolume] = [aVolume('mine'), aVolume('theirs')];

    const { removed, left } = await finalSweep(fake, 'mine');

    expect(left).toEqual([]);
    expect(removed).toEqual(expect.arrayContaining([own, imageId, volume]));
    expect(states()).toMatchObject({ [own]: 'terminated', [other]: 'running' });
    expect(fake.volumes().map(({ volumeId }) => volumeId)).toContain(othersVolume);
    expect(await fake.describeImages({ owners: ['self'] })).toEqual([]);
    expect(fake.ebsSnapshots()).toEqual([]);
  });

  it('deletes security groups once no machine has them', async () => {
    const group = { name: 'made here', description: 'made here', vpcId: defaultRegion.subnets[0]?.vpcId ?? '' };
    const { groupId } = await fake.createSecurityGroup({ ...group, tags: ofRun('mine') });
    const { groupId: others } = await fake.createSecurityGroup({ ...group, name: 'elsewhere', tags: ofRun('theirs') });
    const machine = await launch('mine', { securityGroupIds: [groupId] });

    expect(await finalSweep(fake, 'mine', { patienceMs: 5_000, lookMs: 1 })).toEqual({
      removed: [machine, groupId].sort(),
      left: [],
    });
    expect(fake.securityGroups().map((each) => each.groupId)).toContain(others);
  });

  it('removes nothing where nothing was left', async () => {
    expect(await finalSweep(fake, 'mine')).toEqual({ removed: [], left: [] });
  });

  it('says what it could not remove, and why', async () => {
    const volume = aVolume('mine');
    const refusing = overriding(fake, { deleteVolume: () => Promise.reject(new Ec2Error('VolumeInUse', 'held elsewhere', 400)) });

    const { left } = await finalSweep(refusing, 'mine', NOW);

    expect(left).toEqual([`${volume} (held elsewhere)`]);
  });
});
