import { randomUUID } from 'node:crypto';
import { type ImportImage, ProviderError } from '@burstcell/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IMPORTING } from '../../src/operations/image-import.js';
import { DONE, importing, UNDER_WAY } from './importing.js';
import { MemoryImages } from './memory-images.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const MAX_EFFECTS = 20;
const BUILD_DEADLINE_MS = 600_000;

let world: World;
let images: MemoryImages;

beforeAll(async () => {
  world = await World.make();
});
beforeEach(() => {
  images = new MemoryImages();
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

const imageLaunched = async (uuid: string) => (await world.store.launches.of(uuid)).at(-1)?.parameters.imageId;

describe('a build whose image has to be imported', () => {
  it('waits for the import and boots what came of it', async () => {
    const uuid = randomUUID();
    const importImage = importing(UNDER_WAY, UNDER_WAY, DONE);

    await world.perform(uuid, 'build', {}, { images, importImage });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(await imageLaunched(uuid)).toBe('imported');
    expect(importImage.looks).toBe(3);
  });

  it('fails with the provider’s words when nothing comes of it', async () => {
    const uuid = randomUUID();
    const importImage: ImportImage = async () => {
      throw new ProviderError('invalid', 'broken', { userMessage: 'The image is broken.' });
    };

    await world.perform(uuid, 'build', {}, { images, importImage });

    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect((await world.store.actions.of(uuid))[0]?.message).toBe('Error: The image is broken.');
  });

  it('notes what it waits for, for an operator to look at', async () => {
    const uuid = randomUUID();
    await world.submit(uuid, 'build');
    await world.work(new Fate(), { images, importImage: importing(UNDER_WAY) });

    const waiting = (await world.store.operations.at(IMPORTING)).find(({ instanceUuid }) => instanceUuid === uuid);

    const data = { checksum: 'of image', format: 'raw', sizeBytes: 4 };
    expect(waiting?.memo.waitsFor).toEqual({ ...data, imageId: 'image', name: null, progress: 50 });
    await world.settle(uuid, new Fate(), { images, importImage: importing(DONE) });
  });

  it('has its own time left when the import is done', async () => {
    await inWorldOfItsOwn(async (own) => {
      const uuid = randomUUID();
      const importImage = importing(UNDER_WAY, UNDER_WAY, UNDER_WAY, UNDER_WAY, DONE);

      await own.perform(uuid, 'build', {}, { images, importImage, paceMs: BUILD_DEADLINE_MS / 3 });

      expect(await own.states(uuid)).toMatchObject({ vm: 'active', task: null });
    });
  });

  it('says that its image is on its way when the import takes too long', async () => {
    await inWorldOfItsOwn(async (own) => {
      const uuid = randomUUID();

      await own.perform(uuid, 'build', {}, { images, importImage: importing(UNDER_WAY), paceMs: BUILD_DEADLINE_MS });

      expect(await own.states(uuid)).toMatchObject({ vm: 'error', task: null });
      expect((await own.store.actions.of(uuid))[0]?.message).toContain('still being brought into this cloud');
    });
  });

  it('waits for an image service that is away', async () => {
    const uuid = randomUUID();
    images.failures.push('unavailable');

    await world.perform(uuid, 'build', {}, { images, importImage: importing(UNDER_WAY, DONE) });

    expect(await imageLaunched(uuid)).toBe('imported');
  });

  it('comes to one machine of that image, whichever effect was the process’s last', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const fate = new Fate({ at, when });
        const uuid = randomUUID();
        await world.submit(uuid, 'build');

        await world.settle(uuid, fate, { images, importImage: importing(UNDER_WAY, DONE) });

        expect(world.machines(uuid)).toHaveLength(1);
        expect(await imageLaunched(uuid)).toBe('imported');
        if (!fate.isDead) return;
      }
    }
    throw new Error('more effects than expected');
  }, 60_000);
});

describe('a build whose image has a counterpart', () => {
  it('asks the image service for nothing', async () => {
    const uuid = randomUUID();
    images.failures.push('unauthorized');

    await world.perform(uuid, 'build', {}, { images, importImage: importing(null) });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
    expect(await imageLaunched(uuid)).toBe('image');
  });

  it('is the business of the provider alone where there is no image service', async () => {
    const uuid = randomUUID();
    const importImage = importing(UNDER_WAY);

    await world.perform(uuid, 'build', {}, { importImage });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
    expect(importImage.looks).toBe(0);
  });
});
