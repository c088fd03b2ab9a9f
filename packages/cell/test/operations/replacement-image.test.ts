import { randomUUID } from 'node:crypto';
import { type ImageRequest, type ImportImage, ProviderError } from '@burstcell/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secrets } from '../../src/secrets.js';
import { DONE, importing, UNDER_WAY } from './importing.js';
import { MemoryImages } from './memory-images.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const MAX_EFFECTS = 30;
const HOUR_MS = 3_600_000;
const IMAGE = 'new-image';
const PROPERTIES = { architecture: 'aarch64' };

let world: World;
let images: MemoryImages;

beforeAll(async () => {
  world = await World.make();
});
beforeEach(() => {
  images = new MemoryImages();
  images.found.set(IMAGE, { name: 'debian', properties: PROPERTIES });
});
afterAll(() => world.close());

/** Time that is spent is spent for a whole world. */
async function inWorldOfItsOwn(life: (own: World) => Promise<void>): Promise<void> {
  const own = await World.make();
  try {
    await life(own);
  } finally {
    await own.close();
  }
}

const lastWord = async (uuid: string, of = world) => (await of.store.actions.of(uuid))[0]?.message;

describe.each([
  { verb: 'rebuild', parameters: { image_href: IMAGE }, task: 'rebuilding', vm: 'active' },
  { verb: 'rescue', parameters: { imageId: IMAGE }, task: 'rescuing', vm: 'rescued' },
])('a $verb with an image that has to be imported', ({ verb, parameters, task, vm }) => {
  it('waits for the import with the machine as it is, and goes on with what came of it', async () => {
    const uuid = await world.builtInstance();
    const importImage = importing(UNDER_WAY, { state: 'under-way', progress: 75 }, DONE);
    await world.submit(uuid, verb, parameters);
    await world.work(new Fate(), { images, importImage });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task });
    expect(await world.view(uuid)).toMatchObject({ progress: 50 });
    expect(world.living(uuid)).toMatchObject([{ state: 'running', imageId: 'image' }]);

    await world.settle(uuid, new Fate(), { images, importImage });

    expect(await world.states(uuid)).toMatchObject({ vm, task: null });
    expect(await world.view(uuid)).toMatchObject({ progress: 0 });
    expect((await world.store.operations.pending(uuid)).length).toBe(0);
    expect([...importImage.machines]).toEqual([world.living(uuid)[0]?.providerId]);
  });

  it('has the time of its own that was left, when the import is done', async () => {
    await inWorldOfItsOwn(async (own) => {
      const uuid = await own.builtInstance();
      const importImage = importing(...Array.from({ length: 8 }, () => UNDER_WAY), DONE);
      await own.submit(uuid, verb, parameters);
      const [before] = await own.store.operations.pending(uuid);
      await own.work(new Fate(), { images, importImage: importing(UNDER_WAY) });
      const [waiting] = await own.store.operations.pending(uuid);

      await own.settle(uuid, new Fate(), { images, importImage, paceMs: HOUR_MS / 36 });

      expect(await own.states(uuid)).toMatchObject({ vm, task: null });
      const ownMs = Number(before?.deadline) - Number(before?.createdAt);
      expect(Number(waiting?.deadline) - Number(before?.createdAt)).toBeGreaterThan(2 * ownMs);
    });
  });

  it('asks for it by what its record says', async () => {
    const uuid = await world.builtInstance();
    const asked: ImageRequest[] = [];
    const importImage: ImportImage = async (image) => {
      asked.push(image);
      return DONE;
    };

    await world.perform(uuid, verb, parameters, { images, importImage });

    expect(asked).toEqual([expect.objectContaining({ id: IMAGE, name: 'debian', properties: PROPERTIES })]);
  });

  it('is as it was when the import comes to nothing, whatever the reason', async () => {
    for (const kind of ['invalid', 'unauthorized', 'not-found'] as const) {
      const uuid = await world.builtInstance();
      const importImage: ImportImage = async () => {
        throw new ProviderError(kind, 'broken', { userMessage: 'The image is broken.' });
      };

      await world.perform(uuid, verb, parameters, { images, importImage });

      expect(await world.states(uuid)).toEqual({ vm: 'active', task: null, power: 1 });
      expect(await lastWord(uuid)).toBe('Error: The image is broken.');
      expect(world.living(uuid)).toMatchObject([{ state: 'running', imageId: 'image' }]);
    }
  });

  it('is as it was when the import takes too long', async () => {
    await inWorldOfItsOwn(async (own) => {
      const uuid = await own.builtInstance();

      await own.perform(uuid, verb, parameters, { images, importImage: importing(UNDER_WAY), paceMs: HOUR_MS });

      expect(await own.states(uuid)).toEqual({ vm: 'active', task: null, power: 1 });
      expect(await own.view(uuid)).toMatchObject({ progress: 0 });
      expect(await lastWord(uuid, own)).toContain('still being brought into this cloud');
    });
  });

  it('comes to the same end, whichever effect was the process’s last', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const uuid = await world.builtInstance();
        const fate = new Fate({ at, when });
        await world.submit(uuid, verb, parameters);

        await world.settle(uuid, fate, { images, importImage: importing(UNDER_WAY, DONE) });

        expect(await world.states(uuid)).toMatchObject({ vm, task: null });
        expect(world.living(uuid)).toHaveLength(1);
        if (!fate.isDead) return;
      }
    }
    throw new Error('more effects than expected');
  }, 120_000);

  it('is ended by a delete', async () => {
    const uuid = await world.builtInstance();
    const waiting = { images, importImage: importing(UNDER_WAY) };
    await world.submit(uuid, verb, parameters);
    await world.work(new Fate(), waiting);

    await world.perform(uuid, 'delete', {}, waiting);

    expect((await world.view(uuid)).deleted).not.toBe(0);
    expect(world.living(uuid)).toEqual([]);
  });

  it('imports nothing that may not be seen', async () => {
    const uuid = await world.builtInstance();
    const importImage = importing(UNDER_WAY, DONE);

    images.found.clear();
    await world.perform(uuid, verb, parameters, { images, importImage });
    images.failures.push('unauthorized');
    const other = await world.builtInstance();
    await world.perform(other, verb, parameters, { images, importImage });

    expect(importImage.looks).toBe(0);
    expect(await world.states(uuid)).toMatchObject({ vm, task: null });
    expect(await world.states(other)).toMatchObject({ vm, task: null });
  });
});

describe('the record of an image', () => {
  it('is looked at as the user alone for a rescue, and as the cell too for a rebuild, whose parent has looked', async () => {
    const token = new Secrets('test').seal('tok');

    await world.perform(await world.builtInstance(), 'rescue', { imageId: IMAGE, auth_token: token }, { images });
    await world.perform(await world.builtInstance(), 'rebuild', { image_href: IMAGE, auth_token: token }, { images });

    expect(images.finders.map(({ token: seen, alone = false }) => [seen, alone])).toEqual([
      ['tok', true],
      ['tok', false],
    ]);
  });

  it('is not looked for where no image is named', async () => {
    await world.perform(await world.builtInstance(), 'rebuild', { image_href: null }, { images });

    expect(images.finders).toEqual([]);
  });

  it('of a snapshot of our own is not looked at', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();
    images.queue(imageId);
    await world.perform(uuid, 'snapshot', { image_id: imageId }, { images });
    const importImage = importing(UNDER_WAY);

    await world.perform(uuid, 'rebuild', { image_href: imageId }, { images, importImage });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(images.finders).toEqual([]);
    expect(importImage.looks).toBe(0);
  });
});
