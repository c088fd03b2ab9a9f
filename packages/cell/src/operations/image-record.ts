import { type ImageRequest, kindOf, type ProviderSnapshot } from '@burstcell/provider';
import type { Write } from '@burstcell/store';
import type { ImageCaller } from '../images/image-service.js';
import { NO_IMAGE_SERVICE } from '../images/open-image-service.js';
import type { OperationContext } from './verb.js';

export interface ImageFacts {
  readonly imageId: string;
  readonly providerImageId: string;
  readonly kind: 'snapshot' | 'backup' | 'shelve';
  readonly backupType: string | null;
}

export function imageWrite({ instance }: OperationContext, facts: ImageFacts): Write {
  return { write: 'record-image', instanceUuid: instance.uuid, name: instance.display_name ?? instance.uuid, ...facts };
}

/** What became of the parent's record; the note is for the action's event. */
export interface Filled {
  readonly writes: readonly Write[];
  readonly note?: string;
}

/**
 * Makes the parent's image record one of that snapshot. Our own row of it is written first: once the record is active,
 * somebody may boot from it. A user who deleted the record meanwhile wants no image: the snapshot goes too, and the verb
 * ends well, as nova's does. Repeat-safe.
 */
export async function fillRecord(context: OperationContext, facts: ImageFacts, snapshot: ProviderSnapshot): Promise<Filled> {
  const { images, operation, provider, record, signal } = context;
  if (images === null) return { writes: [imageWrite(context, facts)], note: NO_IMAGE_SERVICE };
  await record([
    imageWrite(context, facts),
    { write: 'save-operation', id: operation.id, step: 'filling', memo: { snapshotId: snapshot.snapshotId } },
  ]);
  const { imageProperty } = provider;
  const properties: Record<string, string> = imageProperty === undefined ? {} : { [imageProperty]: facts.providerImageId };
  const content = { properties, providerImageId: facts.providerImageId, minDiskGb: minDisk(context, snapshot) };
  if ((await images.fill(facts.imageId, content, callerOf(context))) === 'filled') return { writes: [] };
  await provider.deleteSnapshot?.(facts.providerImageId, { signal });
  return { writes: [{ write: 'forget-image', imageId: facts.imageId }], note: 'The image record was deleted meanwhile.' };
}

/**
 * Deletes records of images that are no more, as nova does with expired backups: what glance refuses, or does not
 * answer to, stays and is logged. Not worth failing a verb for.
 */
export async function removeRecords(context: OperationContext, imageIds: readonly string[]): Promise<void> {
  const { images, instance, log, signal } = context;
  for (const imageId of imageIds) {
    try {
      await images?.remove(imageId, callerOf(context));
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn({ uuid: instance.uuid, imageId, kind: kindOf(error), err: error }, 'an image record could not be deleted');
    }
  }
}

/**
 * The image of a build, with the provider's image where it was made of an instance of this cell: nobody need set or trust
 * a property for that. nova marks such images itself (nova/compute/api.py `_create_image`), so others cost no look.
 */
export async function ownImage({ store }: Pick<OperationContext, 'store'>, image: ImageRequest): Promise<ImageRequest> {
  if (image.id === null || image.providerImageId !== null || image.properties.image_type === undefined) return image;
  return { ...image, providerImageId: (await store.images.find(image.id))?.providerImageId ?? null };
}

/** The user's token where one came along with the request and can be opened here. */
export function callerOf({ operation, secrets, signal }: OperationContext): ImageCaller {
  return { token: secrets.open(operation.parameters.auth_token), signal };
}

/** What the instance was given may be less than its snapshot: the parent would else refuse the flavor it was made with. */
function minDisk({ instance }: OperationContext, { sizeGb }: ProviderSnapshot): number | null {
  if (sizeGb === null || instance.root_gb === null || instance.root_gb === 0) return sizeGb;
  return Math.min(sizeGb, instance.root_gb);
}
