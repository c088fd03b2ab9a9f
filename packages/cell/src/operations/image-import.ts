import type { JsonObject } from '@burstcell/store';
import { IMPORT_LOOK_MS } from '../timings.js';
import { ownImage } from './image-record.js';
import { imageRequest } from './launch-request.js';
import type { OperationContext, Wait } from './verb.js';

/**
 * The provider's image for a build whose image has no counterpart there: it is imported, and the build waits. Null: it
 * has one, or nothing can be imported, which the provider then says in its own words. Repeat-safe. Where a launch is under
 * way already, the image was chosen before it and is only read back.
 */
export async function importedImage(context: OperationContext, isLaunching: boolean): Promise<string | Wait | null> {
  const { provider, images, operation, instance, log, record, signal } = context;
  const { importedImage: chosen } = operation.memo;
  if (typeof chosen === 'string') return chosen;
  if (isLaunching || provider.importImage === undefined || images === null) return null;
  const image = await ownImage(context, imageRequest((operation.parameters.image ?? {}) as JsonObject));
  const state = await provider.importImage(image, () => images.source(image.id ?? '', signal), {
    signal,
    ...(instance.project_id === null ? {} : { projectId: instance.project_id }),
  });
  if (state === null) return null;
  if (state.state === 'done') {
    await record([{ write: 'save-operation', id: operation.id, memo: { importedImage: state.providerImageId } }]);
    return state.providerImageId;
  }
  log.info({ uuid: instance.uuid, imageId: image.id, progress: state.progress }, 'a build waits for the import of its image');
  return { step: 'wait', at: 'importing', delayMs: IMPORT_LOOK_MS };
}
