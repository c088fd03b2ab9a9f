import { type ImageRequest, kindOf } from '@burstcell/provider';
import type { JsonObject } from '@burstcell/store';
import type { ImageCaller, ImageFound } from '../images/image-service.js';
import { Failure } from './failure.js';
import { importOf } from './image-import.js';
import type { OperationContext, Wait } from './verb.js';

/** An image that takes the place of a machine's root disk. */
export interface Replacement {
  readonly imageId: string;
  readonly providerId: string;
  /** Recorded with the choice, before the machine is touched. */
  readonly step: string;
  /** In whose name the image's record is looked at. */
  readonly caller: ImageCaller;
}

/**
 * The provider's image for it, imported where it has no counterpart. Chosen once and written down; from then on it is
 * read back. An image whose record may not be seen is known by its id alone, and is not imported: data is read as the
 * cell. Rejects with `unsupported` where the provider takes none, and as `resolveImage` and `importImage` do; nothing
 * has been changed then.
 */
export async function replacementImage(context: OperationContext, wanted: Replacement): Promise<string | Wait> {
  const { provider, operation, signal, record } = context;
  const { imageId, providerId, step } = wanted;
  if (typeof operation.memo.providerImageId === 'string') return operation.memo.providerImageId;
  const own = await context.store.images.find(imageId);
  const found = own === null ? await foundImage(context, wanted) : null;
  const image = { ...imageById(imageId), ...found, providerImageId: own?.providerImageId ?? null };
  const imported = found === null ? null : await importOf(context, image, providerId);
  if (imported !== null && typeof imported !== 'string') return { ...imported, memo: { ...imported.memo, ...frozen(image) } };
  const providerImageId = imported ?? (await provider.resolveImage?.(image, { signal, providerId }));
  if (providerImageId === undefined) throw new Failure('unsupported', 'Images cannot be changed in this cell.', 400);
  await record([{ write: 'save-operation', id: operation.id, step, memo: { providerImageId } }]);
  return providerImageId;
}

/** An image of which no more is known than its id. */
export function imageById(id: string): ImageRequest {
  return { id, name: null, properties: {}, minDiskGb: 0, checksum: null, providerImageId: null };
}

/** Null: there is no image service, no such image, or none that may be seen. */
async function foundImage(context: OperationContext, { imageId, caller }: Replacement): Promise<ImageFound | null> {
  const { operation, images, log } = context;
  const before = readFrozen(operation.memo);
  if (before !== null || images === null || imageId === '') return before;
  try {
    return await images.find(imageId, caller);
  } catch (error) {
    if (kindOf(error) !== 'unauthorized') throw error;
    log.warn({ imageId, err: error }, 'the record of an image may not be seen: only its id is known');
    return null;
  }
}

/** What was found stays: whoever waits must not end with another image, nor need the user's token for as long. */
function frozen({ name, properties }: ImageRequest): JsonObject {
  return { image: { name, properties } };
}

function readFrozen({ image }: JsonObject): ImageFound | null {
  if (typeof image !== 'object' || image === null || Array.isArray(image)) return null;
  return image as unknown as ImageFound;
}
