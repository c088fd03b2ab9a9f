import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { anImage, anInstance } from '../support/builders.js';
import { useTestStore } from '../support/test-store.js';

const t = useTestStore();

describe('an image', () => {
  it('is found as it was recorded', async () => {
    const { write: _, ...image } = anImage(randomUUID(), { kind: 'backup', backupType: 'daily' });

    await t.store.commit({ writes: [{ write: 'record-image', ...image }] });

    const found = await t.store.images.find(image.imageId);
    expect(found).toEqual({ ...image, createdAt: expect.any(Date) });
    expect(Math.abs(Date.now() - (found?.createdAt.getTime() ?? 0))).toBeLessThan(60_000);
    expect(await t.store.images.find(randomUUID())).toBeNull();
  });

  it('that is recorded again gets another image of the provider’s, and keeps the rest', async () => {
    const image = anImage(randomUUID(), { providerImageId: 'ami-1' });

    await t.store.commit({ writes: [image] });
    await t.store.commit({ writes: [{ ...image, providerImageId: 'ami-2', name: 'other', kind: 'shelve' }] });

    expect(await t.store.images.find(image.imageId)).toMatchObject({
      providerImageId: 'ami-2',
      name: image.name,
      kind: 'snapshot',
    });
  });

  it('that is forgotten is found no more, is soft-deleted, and may be recorded anew', async () => {
    const image = anImage(randomUUID());
    await t.store.commit({ writes: [image] });

    await t.store.commit({ writes: [{ write: 'forget-image', imageId: image.imageId }] });

    expect(await t.store.images.find(image.imageId)).toBeNull();
    expect(await t.store.images.of(image.instanceUuid)).toEqual([]);
    const rows = await t.rows('select deleted = id as gone, deleted_at from images where image_id = $1', [image.imageId]);
    expect(rows).toEqual([{ gone: true, deleted_at: expect.any(Date) }]);

    await t.store.commit({ writes: [{ ...image, providerImageId: 'ami-9' }] });
    await t.store.commit({ writes: [{ write: 'forget-image', imageId: image.imageId }] });
    expect(await t.store.images.find(image.imageId)).toBeNull();
  });

  it('is listed with those of its instance, newest first, by kind and backup type', async () => {
    const { uuid } = anInstance();
    const make = (name: string, change: Parameters<typeof anImage>[1]) => anImage(uuid, { name, ...change });
    const inTheirOrder = [
      make('first', { kind: 'backup', backupType: 'daily' }),
      make('second', { kind: 'backup', backupType: 'weekly' }),
      anImage(randomUUID()),
      make('third', { kind: 'backup', backupType: 'daily' }),
      make('fourth', {}),
    ];
    for (const image of inTheirOrder) await t.store.commit({ writes: [image] });
    const names = async (filter?: Parameters<typeof t.store.images.of>[1]) =>
      (await t.store.images.of(uuid, filter)).map((image) => image.name);

    expect(await names()).toEqual(['fourth', 'third', 'second', 'first']);
    expect(await names({ kind: 'backup' })).toEqual(['third', 'second', 'first']);
    expect(await names({ kind: 'backup', backupType: 'daily' })).toEqual(['third', 'first']);
    expect(await names({ kind: 'shelve' })).toEqual([]);
  });

  it('outlives its instance', async () => {
    const instance = anInstance();
    const image = anImage(instance.uuid);

    await t.store.commit({ writes: [instance, image, { write: 'delete-instance', uuid: instance.uuid, at: new Date() }] });

    expect(await t.store.images.of(instance.uuid)).toHaveLength(1);
  });
});
