import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { VolumeRequest } from '../../abilities.js';
import { type Bed, refusalOf } from '../bed.js';
import type { Declare, Suite, TestNeeds } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

const VOLUMES: TestNeeds = { needs: ['volumes'] };

export function volumesSuite(suite: Suite): void {
  suite.ability('attachVolume', ['attachVolume', 'detachVolume'], (test) => {
    attaches(test);
    attachesRepeatedly(test);
    refuses(test);
    const unknown = (bed: Bed) => asked(bed.unknownVolumeId);
    refusesAsAll(needing(test), 'attachVolume', (bed, providerId, options) =>
      bed.can.attachVolume(providerId, unknown(bed), options),
    );
    passesOnRefusals(needing(test), 'attachVolume', async (bed, providerId) => attach(bed, providerId));
  });
  suite.ability('describeVolumes', ['describeVolumes', 'attachVolume'], describes);
  suite.ability('detachVolume', ['attachVolume', 'detachVolume'], (test) => {
    detaches(test);
    detachesRepeatedly(test);
  });
}

function describes(test: Declare): void {
  test('says where volumes are, in zones of the shape, without those that are not there', VOLUMES, async (bed) => {
    const [zone = ''] = (await bed.provider.shape()).zones.map(({ name }) => name);
    const providerVolumeId = await bed.aVolume(zone);

    const found = await bed.can.describeVolumes([providerVolumeId, bed.unknownVolumeId], { projectId: bed.aRequest().projectId });

    expect([...found.values()]).toEqual([{ providerVolumeId, zone, sizeGb: expect.any(Number), attachedTo: null }]);
    expect([...found.keys()]).toEqual([providerVolumeId]);
  });

  test('says which machine has a volume', VOLUMES, async (bed) => {
    const { providerId, zone } = await bed.launchFor('attachVolume');
    const { volume } = await attach(bed, providerId);

    const found = await bed.can.describeVolumes([volume.providerVolumeId], { providerId });

    expect(found.get(volume.providerVolumeId)).toMatchObject({ zone, attachedTo: providerId });
  });

  test('asks nothing for no volumes', {}, async (bed) => {
    expect((await bed.can.describeVolumes([])).size).toBe(0);
  });
}

function attaches(test: Declare): void {
  test('answers a device name, another for each volume', VOLUMES, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');

    const devices = [await attach(bed, providerId), await attach(bed, providerId)].map(({ deviceName }) => deviceName);

    for (const device of devices) expect(device).toMatch(/^\/dev\/\w+$/);
    expect(new Set(devices).size).toBe(2);
  });

  test('attaches to a stopped machine, which stays stopped', VOLUMES, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');
    await bed.stop(providerId);

    await attach(bed, providerId);

    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('leaves volumes behind when the machine ends', VOLUMES, async (bed) => {
    const doomed = await bed.launchFor('attachVolume');
    const other = await bed.launchFor('attachVolume', { zone: doomed.zone });
    const { volume } = await attach(bed, doomed.providerId);

    await bed.end(doomed.providerId);

    await attachOnceFree(bed, other.providerId, volume);
  });
}

function attachesRepeatedly(test: Declare): void {
  test('gives the same answer for the same volume', VOLUMES, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');
    const { deviceName, volume } = await attach(bed, providerId);

    expect(await bed.can.attachVolume(providerId, volume)).toEqual({ deviceName });
  });

  test('is attached once when the reply is lost and a replica repeats it', {
    needs: ['volumes', 'faults', 'replicas'],
  }, async (bed) => {
    const { providerId, zone } = await bed.launchFor('attachVolume');
    const volume = asked(await bed.aVolume(zone));
    const calls = [bed.can, bed.canDo(await bed.replica())].map((provider) => () => provider.attachVolume(providerId, volume));

    const answer = await twiceWithLostReply(bed, 'attachVolume', async () => calls.shift()?.());

    expect(await bed.can.attachVolume(providerId, volume)).toEqual(answer);
  });
}

function refuses(test: Declare): void {
  test('says conflict for a volume that is in use, which stays where it is', VOLUMES, async (bed) => {
    const holder = await bed.launchFor('attachVolume');
    const other = await bed.launchFor('attachVolume', { zone: holder.zone });
    const { deviceName, volume } = await attach(bed, holder.providerId);

    expect(await refusalOf(bed.can.attachVolume(other.providerId, volume))).toBe('conflict');
    expect(await bed.can.attachVolume(holder.providerId, volume)).toEqual({ deviceName });
  });

  test('says invalid for a volume in another zone', VOLUMES, async (bed) => {
    const { providerId, zone } = await bed.launchFor('attachVolume');
    const others = (await bed.provider.shape()).zones.filter(({ name }) => name !== zone);
    if (others.length === 0) throw new Error('a single zone: declare this test in "skip"');

    for (const { name } of others) {
      expect(await refusalOf(bed.can.attachVolume(providerId, asked(await bed.aVolume(name))))).toBe('invalid');
    }
  });

  test('says not-found for an unknown volume, and that it is about a volume', VOLUMES, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');

    const refusal: unknown = await bed.can.attachVolume(providerId, asked(bed.unknownVolumeId)).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ kind: 'not-found', subject: 'volume' });
  });
}

function detaches(test: Declare): void {
  test('frees the volume for another machine', VOLUMES, async (bed) => {
    const holder = await bed.launchFor('attachVolume');
    const other = await bed.launchFor('attachVolume', { zone: holder.zone });
    const { volume } = await attach(bed, holder.providerId);

    await bed.finish(() => bed.can.detachVolume(holder.providerId, volume.providerVolumeId));

    await bed.can.attachVolume(other.providerId, volume);
  });

  test('is done for a volume that is not attached, and for one that another machine has', VOLUMES, async (bed) => {
    const holder = await bed.launchFor('attachVolume');
    const other = await bed.launchFor('attachVolume', { zone: holder.zone });
    const { deviceName, volume } = await attach(bed, holder.providerId);

    expect(await bed.can.detachVolume(other.providerId, await bed.aVolume(holder.zone))).toBe('done');
    expect(await bed.can.detachVolume(other.providerId, volume.providerVolumeId)).toBe('done');
    expect(await bed.can.attachVolume(holder.providerId, volume)).toEqual({ deviceName });
  });

  test('says not-found for an unknown machine', VOLUMES, async (bed) => {
    const volumeId = await bed.aVolume((await bed.launchFor('attachVolume')).zone);

    expect(await refusalOf(bed.can.detachVolume(bed.unknownId, volumeId))).toBe('not-found');
  });
}

function detachesRepeatedly(test: Declare): void {
  test('is done again when it is repeated', VOLUMES, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');
    const { volume } = await attach(bed, providerId);
    await bed.finish(() => bed.can.detachVolume(providerId, volume.providerVolumeId));

    expect(await bed.can.detachVolume(providerId, volume.providerVolumeId)).toBe('done');
  });

  test('ends detached when replies are lost and it is repeated', { needs: ['volumes', 'faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');
    const { volume } = await attach(bed, providerId);
    await bed.fault({ on: 'detachVolume', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.detachVolume(providerId, volume.providerVolumeId));

    await bed.can.attachVolume(providerId, volume);
  });

  test('is finished by a replica after a crash between its steps', {
    needs: ['volumes', 'replicas', 'pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const { providerId } = await bed.launchFor('attachVolume');
    const { volume } = await attach(bed, providerId);
    expect(await bed.can.detachVolume(providerId, volume.providerVolumeId)).toBe('under-way');

    const replica = bed.canDo(await bed.replica());
    await bed.finish(() => replica.detachVolume(providerId, volume.providerVolumeId));

    await bed.can.attachVolume(providerId, volume);
  });
}

/** The same tests, of which each needs volumes besides. */
function needing(test: Declare): Declare {
  return (sentence, needs, body) => test(sentence, { ...needs, needs: [...(needs.needs ?? []), 'volumes'] }, body);
}

function asked(providerVolumeId: string): VolumeRequest {
  return { volumeId: randomUUID(), providerVolumeId, deviceName: null };
}

/** A new volume, attached. */
async function attach(bed: Bed, providerId: string): Promise<{ readonly deviceName: string; readonly volume: VolumeRequest }> {
  const zone = (await bed.observed(providerId))?.zone ?? '';
  const volume = asked(await bed.aVolume(zone));
  return { ...(await bed.can.attachVolume(providerId, volume)), volume };
}

async function attachOnceFree(bed: Bed, providerId: string, volume: VolumeRequest): Promise<void> {
  await bed.finish(async () => {
    await bed.can.attachVolume(providerId, volume);
    return 'done';
  });
}
