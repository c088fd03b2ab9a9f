import type { ImageRequest, ImageSource } from '@burstcell/provider';
import type { JsonObject } from '@burstcell/store';
import { IMPORT_LOOK_MS } from '../timings.js';
import { ownImage } from './image-record.js';
import { clearedProgress, shownProgress } from './import-progress.js';
import { imageRequest } from './launch-request.js';
import type { OperationContext, Wait } from './verb.js';

/** The step of an operation that waits for the import of its image: nothing has been changed at the provider by then. */
export const IMPORTING = 'importing';

/** What is said where the time was up first. */
const UNDER_WAY = 'The image is still being brought into this cloud; a later try goes on from there.';

/** What an operation notes while it waits. */
interface ImportMemo {
  /** The provider's image, once it is there. */
  readonly importedImage?: string;
  /** What was left of the operation's own time when it began to wait. */
  readonly timeLeftMs?: number | null;
  /** For operators to look at. */
  readonly waitsFor?: WaitsFor | null;
}

/** The image that an operation waits for; its data, where the image service was asked for it. */
export interface WaitsFor extends Partial<Pick<ImageSource, 'checksum' | 'format' | 'sizeBytes'>> {
  readonly imageId: string | null;
  readonly name: string | null;
  readonly progress: number | null;
}

/**
 * The provider's image for a build whose image has no counterpart there: it is imported, and the build waits. Null: it
 * has one, or nothing can be imported, which the provider then says in its own words. Repeat-safe. Where a launch is under
 * way already, the image was chosen before it and is only read back.
 */
export async function importedImage(context: OperationContext, isLaunching: boolean): Promise<string | Wait | null> {
  const { importedImage: chosen } = context.operation.memo as ImportMemo;
  if (typeof chosen === 'string') return chosen;
  if (isLaunching || !canImport(context)) return null;
  const image = await ownImage(context, imageRequest((context.operation.parameters.image ?? {}) as JsonObject));
  return importOf(context, image);
}

/**
 * The same for any image, and for a machine whose root disk it is to become: then it is brought to where that is. What is
 * waited does not count as the operation's time; the import has a deadline of its own. Rejects as `importImage` does.
 */
export async function importOf(
  context: OperationContext,
  image: ImageRequest,
  providerId?: string,
): Promise<string | Wait | null> {
  const { provider, images, instance, operation, signal } = context;
  const { importedImage: chosen } = operation.memo as ImportMemo;
  if (typeof chosen === 'string') return chosen;
  if (images === null || provider.importImage === undefined) return null;
  let data: ImageSource | undefined;
  const source = async () => {
    data = await images.source(image.id ?? '', signal);
    return data;
  };
  const state = await provider.importImage(image, source, {
    signal,
    ...(providerId === undefined ? {} : { providerId }),
    ...(instance.project_id === null ? {} : { projectId: instance.project_id }),
  });
  if (state?.state === 'under-way') return waiting(context, waitsFor(context, { image, data, progress: state.progress }));
  const imported = state?.providerImageId;
  if (imported !== undefined || isWaiting(context)) await ended(context, imported);
  return imported ?? null;
}

function canImport({ provider, images }: OperationContext): boolean {
  return provider.importImage !== undefined && images !== null;
}

function isWaiting({ operation }: OperationContext): boolean {
  return typeof (operation.memo as ImportMemo).timeLeftMs === 'number';
}

interface Looked {
  readonly image: ImageRequest;
  readonly data: ImageSource | undefined;
  readonly progress: number | null;
}

function waitsFor({ operation }: OperationContext, { image, data, progress }: Looked): WaitsFor {
  const before = (operation.memo as ImportMemo).waitsFor ?? (image.checksum === null ? {} : { checksum: image.checksum });
  const seen = data === undefined ? {} : { checksum: data.checksum, format: data.format, sizeBytes: data.sizeBytes };
  return { ...before, ...seen, imageId: image.id, name: image.name, progress };
}

function waiting(context: OperationContext, image: WaitsFor): Wait {
  const { operation, instance, log, now, importDeadlineMs } = context;
  const { imageId, progress } = image;
  const facts = { uuid: instance.uuid, verb: operation.verb, imageId, progress };
  log.info(facts, 'an operation waits for the import of its image');
  const timeLeftMs = Math.max(0, operation.deadline.getTime() - now().getTime());
  const begins = isWaiting(context) ? {} : { timeLeftMs };
  return {
    step: 'wait',
    at: IMPORTING,
    delayMs: IMPORT_LOOK_MS,
    memo: { ...begins, lastAnswer: UNDER_WAY, waitsFor: { ...image } },
    writes: shownProgress(context, progress),
    ...(isWaiting(context) ? {} : { deadline: new Date(now().getTime() + importDeadlineMs) }),
  };
}

/** The operation's own time goes on. */
function ended(context: OperationContext, imported: string | undefined): Promise<void> {
  const { operation, now, record } = context;
  const { timeLeftMs } = operation.memo as ImportMemo;
  const memo = {
    lastAnswer: null,
    timeLeftMs: null,
    waitsFor: null,
    ...(imported === undefined ? {} : { importedImage: imported }),
  };
  const deadline = typeof timeLeftMs === 'number' ? { deadline: new Date(now().getTime() + timeLeftMs) } : {};
  return record([{ write: 'save-operation', id: operation.id, memo, ...deadline }, ...clearedProgress(context)]);
}
