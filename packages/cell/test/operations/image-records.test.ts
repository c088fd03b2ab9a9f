import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secrets } from '../../src/secrets.js';
import { MemoryImages } from './memory-images.js';
import { Fate } from './replica.js';
import { World } from './world.js';

/** More effects than a backup has. */
const MAX_EFFECTS = 40;

let world: World;
let images: MemoryImages;

beforeAll(async () => {
  world = await World.make();
});
beforeEach(() => {
  images = new MemoryImages();
});
afterAll(() => world.close());

/** The cloud's snapshot behind an image record of ours. */
async function behind(imageId: string) {
  const id = (await world.store.images.find(imageId))?.providerImageId;
  return id === undefined ? undefined : (await new Simulator({ cloud: world.cloud }).describeSnapshots?.([id]))?.get(id);
}

const eventOf = async (uuid: string) => {
  const [action] = await world.store.actions.of(uuid);
  return (await world.store.actions.events(action?.id ?? 0))[0];
};

describe('nova image-create', () => {
  it('makes the queued record of the parent active, in the name of the user who asked', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);

    const parameters = { image_id: imageId, auth_token: new Secrets('test').seal('tok-user') };
    await world.perform(uuid, 'snapshot', parameters, { images });

    expect(images.records.get(imageId)).toMatchObject({ status: 'active', minDiskGb: 1, token: 'tok-user' });
    expect(await behind(imageId)).toMatchObject({ state: 'available' });
  });

  it('waits for an image service that is away', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);
    images.failures.push('unavailable', 'unavailable');

    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images });

    expect(images.statuses(imageId)).toEqual(['active']);
  });

  it('ends well and keeps no image when the user has deleted the record meanwhile', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    const before = world.snapshots();

    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images });

    expect(await world.store.images.find(imageId)).toBeNull();
    expect(world.snapshots()).toBe(before);
    expect((await world.store.actions.of(uuid))[0]).toMatchObject({ action: 'createImage', message: null });
  });

  it('deletes the record and the image when it fails', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);
    images.failures.push('unauthorized');
    const before = world.snapshots();

    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images });

    expect(images.records.size).toBe(0);
    expect(world.snapshots()).toBe(before);
    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect((await world.store.actions.of(uuid))[0]?.message).toMatch(/^Error: /);
  });

  it('deletes the record when it is refused before it began', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);

    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images, without: ['snapshot'] });

    expect(images.records.size).toBe(0);
  });

  it('deletes the record when the instance is deleted meanwhile', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);
    await world.submit(uuid, 'snapshot', { image_id: imageId });
    await world.submit(uuid, 'delete');

    await world.settle(uuid, new Fate(), { images });

    expect(images.records.size).toBe(0);
    expect((await world.view(uuid)).deleted).not.toBe(0);
  });

  it('deletes the record of one that failed, whenever a delete of the instance comes', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      const fate = new Fate({ at, when: 'after' });
      const uuid = await world.builtInstance();
      const imageId = randomUUID();
      images.queue(imageId);
      images.failures.splice(0, Infinity, 'unauthorized');
      await world.submit(uuid, 'snapshot', { image_id: imageId });
      await world.work(fate, { images });
      images.failures.length = 0;

      await world.perform(uuid, 'delete', {}, { images });

      expect(images.records.size).toBe(0);
      if (!fate.isDead) return;
    }
    throw new Error('more effects than expected');
  }, 60_000);

  it('says in the action’s event that the record stays queued where no image service is configured', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'snapshot', { image_id: randomUUID() });

    expect(await eventOf(uuid)).toMatchObject({ result: 'Success', details: expect.stringContaining('[glance]') as unknown });
  });

  it('makes an image that a new instance boots from', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);
    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images });

    const child = randomUUID();
    await world.perform(child, 'build', { image: { id: imageId, properties: { image_type: 'snapshot' } } });

    const providerImageId = (await world.store.images.find(imageId))?.providerImageId;
    expect((await world.store.launches.of(child))[0]?.parameters).toMatchObject({ imageId: providerImageId });
  });
});

describe('nova backup', () => {
  it('deletes the parent’s records of the backups that it rotates out', async () => {
    const uuid = await world.builtInstance();
    const [first = '', second = '', third = ''] = Array.from({ length: 3 }, () => randomUUID());
    images.queue(first, second, third);

    for (const image_id of [first, second, third]) {
      await world.perform(uuid, 'backup', { image_id, backup_type: 'daily', rotation: 2 }, { images });
    }

    expect(images.statuses(first, second, third)).toEqual([undefined, 'active', 'active']);
  });

  it('is kept when an expired record cannot be deleted', async () => {
    const uuid = await world.builtInstance();
    const [first = '', second = ''] = [randomUUID(), randomUUID()];
    images.queue(first, second);
    await world.perform(uuid, 'backup', { image_id: first, backup_type: 'daily', rotation: 1 }, { images });
    const fill = images.fill.bind(images);
    images.fill = async (...call) => {
      const filled = await fill(...call);
      images.failures.push('unauthorized');
      return filled;
    };

    await world.perform(uuid, 'backup', { image_id: second, backup_type: 'daily', rotation: 1 }, { images });

    expect(images.statuses(first, second)).toEqual(['active', 'active']);
    expect((await world.store.images.of(uuid, { kind: 'backup' })).map(({ imageId }) => imageId)).toEqual([second]);
    expect((await world.store.actions.of(uuid))[0]).toMatchObject({ action: 'createBackup', message: null });
  });

  it('comes to one image and one active record, whichever effect was the process’s last', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const fate = new Fate({ at, when });
        const uuid = await world.builtInstance();
        const [old, imageId] = [randomUUID(), randomUUID()];
        images.queue(old, imageId);
        await world.perform(uuid, 'backup', { image_id: old, backup_type: 'daily', rotation: 1 }, { images });
        const before = world.snapshots();

        await world.submit(uuid, 'backup', { image_id: imageId, backup_type: 'daily', rotation: 1 });
        await world.settle(uuid, fate, { images });

        expect(images.statuses(old, imageId)).toEqual([undefined, 'active']);
        expect(await behind(imageId)).toMatchObject({ state: 'available' });
        expect(world.snapshots()).toBe(before);
        if (!fate.isDead) return;
      }
    }
    throw new Error('more effects than expected');
  }, 120_000);
});
