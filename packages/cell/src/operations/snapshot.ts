import type { JsonObject, Write } from '@burstcell/store';
import { TaskState, VmState } from '../states.js';
import { CONVERGE_MS } from '../timings.js';
import { livingMachineRow } from './change-state.js';
import { Failure } from './failure.js';
import { done, type OperationContext, type Step, type Verb, type Wait } from './verb.js';

const FROM: readonly VmState[] = [VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED];

/** `nova image-create`: the parent has made the image record already; what is behind it is ours to make. */
export const snapshot: Verb = {
  name: 'snapshot',
  action: 'createImage',
  taskState: TaskState.IMAGE_SNAPSHOT,
  from: FROM,
  deadline: 'build',
  needs: ['snapshot', 'describeSnapshots'],

  async run(context: OperationContext): Promise<Step> {
    const imageId = imageIdOf(context);
    const made = await makeSnapshot(context, imageId);
    if (typeof made !== 'string') return made;
    return done([imageWrite(context, { imageId, providerImageId: made, kind: 'snapshot', backupType: null })]);
  },
};

/** `nova backup`: an image like any other, and those of the same type beyond `rotation` go. */
export const backup: Verb = {
  name: 'backup',
  action: 'createBackup',
  taskState: TaskState.IMAGE_BACKUP,
  from: FROM,
  deadline: 'build',
  needs: ['snapshot', 'describeSnapshots', 'deleteSnapshot'],

  async run(context: OperationContext): Promise<Step> {
    const imageId = imageIdOf(context);
    const backupType = String(context.operation.parameters.backup_type ?? '');
    const made = await makeSnapshot(context, imageId);
    if (typeof made !== 'string') return made;
    const expired = await rotateOut(context, backupType, imageId);
    return done([imageWrite(context, { imageId, providerImageId: made, kind: 'backup', backupType }), ...expired]);
  },
};

/** Begins a snapshot, and waits for it. Its id, once it is available. The token makes it once, however often this is called. */
export async function makeSnapshot(context: OperationContext, name: string): Promise<string | Wait> {
  const { provider, operation, signal } = context;
  const { snapshotId } = operation.memo;
  if (typeof snapshotId !== 'string') {
    const row = await livingMachineRow(context);
    const begun = await provider.snapshot?.(row.providerId, { name, token: `${operation.cause}-${operation.verb}` }, { signal });
    if (begun === undefined) throw new Failure('unsupported', 'Snapshots are not available in this cell.', 400);
    return begun.state === 'available' ? begun.snapshotId : waitFor(begun.snapshotId);
  }
  const known = (await provider.describeSnapshots?.([snapshotId], { signal }))?.get(snapshotId);
  if (known?.state === 'available') return snapshotId;
  if (known?.state === 'error') throw new Failure('unavailable', 'The cloud could not finish the snapshot.', 503);
  return waitFor(snapshotId);
}

export interface ImageFacts {
  readonly imageId: string;
  readonly providerImageId: string;
  readonly kind: 'snapshot' | 'backup' | 'shelve';
  readonly backupType: string | null;
}

export function imageWrite({ instance }: OperationContext, facts: ImageFacts): Write {
  return { write: 'record-image', instanceUuid: instance.uuid, name: instance.display_name ?? instance.uuid, ...facts };
}

function waitFor(snapshotId: string): Wait {
  return { step: 'wait', at: 'snapshotting', memo: { snapshotId } satisfies JsonObject, delayMs: CONVERGE_MS };
}

function imageIdOf({ operation }: OperationContext): string {
  const { image_id: imageId } = operation.parameters;
  if (typeof imageId !== 'string') throw new Failure('invalid', 'The request names no image record to fill.', 400);
  return imageId;
}

/** Deletes the oldest backups of that type, so that with the new one no more than `rotation` are left. */
async function rotateOut(context: OperationContext, backupType: string, newest: string): Promise<readonly Write[]> {
  const { store, provider, instance, operation, signal } = context;
  const rotation = Number(operation.parameters.rotation ?? Number.POSITIVE_INFINITY);
  const older = (await store.images.of(instance.uuid, { kind: 'backup', backupType })).filter(
    (image) => image.imageId !== newest,
  );
  const expired = older.slice(Math.max(0, rotation - 1));
  for (const image of expired) await provider.deleteSnapshot?.(image.providerImageId, { signal });
  return expired.map(({ imageId }) => ({ write: 'forget-image', imageId }));
}
