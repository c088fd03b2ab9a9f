import { ProviderError } from '../errors.js';
import type { ImageRequest } from '../launch.js';
import type { Site } from './cloud-state.js';
import { isSnapshotId, snapshotStateOf } from './snapshots.js';

/** This cloud calls an image what nova calls it, and has all of them; a snapshot goes by its own id. */
export function imageIdOf(site: Site, image: ImageRequest): string {
  const imageId = image.providerImageId ?? image.id;
  if (imageId === null) throw new ProviderError('invalid', 'there is no image to boot from', { subject: 'image' });
  refuseUnlessBootable(site, imageId);
  return imageId;
}

/** `invalid` for a snapshot that is gone, failed, or not yet `available`. */
export function refuseUnlessBootable(site: Site, imageId: string): void {
  if (!isSnapshotId(imageId)) return;
  const state = snapshotStateOf(site, imageId);
  if (state === 'available') return;
  const what = state === undefined ? `there is no image ${imageId}` : `image ${imageId} is ${state}`;
  throw new ProviderError('invalid', what, { subject: 'image' });
}
