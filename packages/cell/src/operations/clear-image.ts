import type { Write } from '@burstcell/store';
import { originToJson, ownOrigin } from '../intent.js';
import { CLEAR_IMAGE_DEADLINE_MS } from '../timings.js';
import { removeRecords } from './image-record.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** Ends what a snapshot that failed had begun: the provider's image, and the parent's record, as nova does. */
export const clearImage: Verb = {
  name: 'clear-image',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  onDeleted: true,
  // A verb with this field is not ended by others: what is left behind is there whatever becomes of the instance.
  cancels: { only: [] },

  async run(context: OperationContext): Promise<Step> {
    const { operation, provider, signal, store } = context;
    const { image_id: imageId } = operation.parameters;
    if (typeof imageId !== 'string') return done([], { silent: true });
    // Noted by the operation, or, if it failed just then, by the row alone.
    const snapshotId = operation.parameters.snapshotId ?? (await store.images.find(imageId))?.providerImageId;
    if (typeof snapshotId === 'string') await provider.deleteSnapshot?.(snapshotId, { signal });
    await removeRecords(context, [imageId]);
    return done([{ write: 'forget-image', imageId }], { silent: true });
  },
};

/** Enqueues {@link clearImage} for what this snapshot may have left. */
export function clearImageWrites({ instance, operation, origin, now }: OperationContext): readonly Write[] {
  const { image_id = null, auth_token = null } = operation.parameters;
  const { snapshotId = null } = operation.memo;
  return [
    {
      write: 'enqueue-operation',
      instanceUuid: instance.uuid,
      verb: clearImage.name,
      parameters: { image_id, auth_token, snapshotId },
      cause: operation.cause,
      origin: originToJson(ownOrigin(origin.requestId)),
      deadline: new Date(now().getTime() + CLEAR_IMAGE_DEADLINE_MS),
    },
  ];
}
