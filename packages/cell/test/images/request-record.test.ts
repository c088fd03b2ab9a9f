import type { LaunchRequest } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { withRecord } from '../../src/images/request-record.js';
import { MemoryImages } from '../operations/memory-images.js';

const { signal } = new AbortController();
const ID = 'image-1';

let images: MemoryImages;
beforeEach(() => {
  images = new MemoryImages();
  images.found.set(ID, { name: 'debian', properties: { architecture: 'aarch64', os_type: 'linux' } });
});

function aRequestFor(id: string, properties: Record<string, string> = {}): LaunchRequest {
  const request = aLaunchRequest();
  return { ...request, image: { ...request.image, id, properties } };
}

describe('a request that is explained', () => {
  it.each([ID, 'debian'])('has what the record of its image says: %s', async (named) => {
    const { request, source } = await withRecord(images, aRequestFor(named, { os_type: 'windows' }), signal);

    expect(request.image).toMatchObject({
      id: ID,
      name: 'debian',
      properties: { architecture: 'aarch64', os_type: 'windows' },
    });
    expect(await source?.()).toMatchObject({ checksum: `of ${ID}` });
  });

  it('says that nothing is known of an image that is not there, or of a name that two have', async () => {
    images.found.set('image-2', { name: 'debian', properties: {} });

    for (const named of ['other', 'debian']) {
      const asked = aRequestFor(named);
      const { request, source } = await withRecord(images, asked, signal);

      expect(request).toBe(asked);
      expect(await source?.()).toBeNull();
    }
  });

  it('says why the image service could not be asked', async () => {
    images.failures.push('unavailable');

    const { source } = await withRecord(images, aRequestFor(ID), signal);

    await expect(source?.()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('has nowhere to import from without an image service', async () => {
    const request = aRequestFor(ID);

    expect(await withRecord(null, request, signal)).toEqual({ request });
  });
});
