import type { ProviderSnapshot } from '@burstcell/provider';
import type { JsonObject, Write } from '@burstcell/store';
import { TaskState, VmState } from '../states.js';
import { CONVERGE_MS } from '../timings.js';
import { livingMachineRow } from './change-state.js';
import { clearImageWrites } from './clear-image.js';
import { Failure } from './failure.js';
import { type Filled, fillRecord, removeRecords } from './image-record.js';
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
    const made = await makeImage(context, null);
    return 'step' in made ? made : done(made.writes, noted(made));
  },

  clearsAway: clearImageWrites,
};

/** `nova backup`: an image like any other, and those of the same type beyond `rotation` go. Steps: … → `rotating`. */
export const backup: Verb = {
  name: 'backup',
  action: 'createBackup',
  taskState: TaskState.IMAGE_BACKUP,
  from: FROM,
  deadline: 'build',
  needs: ['snapshot', 'describeSnapshots', 'deleteSnapshot'],

  async run(context: OperationContext): Promise<Step> {
    const backupType = String(context.operation.parameters.backup_type ?? '');
    if (context.operation.step !== ROTATING) {
      const made = await makeImage(context, backupType);
      if ('step' in made) return made;
      // From here on the image is the user's: whatever comes, it stays.
      return { step: 'wait', at: ROTATING, memo: { note: made.note ?? null }, delayMs: 0, writes: made.writes };
    }
    const { note } = context.operation.memo;
    return done(await rotateOut(context, backupType), typeof note === 'string' ? { note } : {});
  },

  clearsAway: (context) => (context.operation.step === ROTATING ? [] : clearImageWrites(context)),
};

const ROTATING = 'rotating';

/** The provider's image, and with it the parent's record. */
async function makeImage(context: OperationContext, backupType: string | null): Promise<Filled | Wait> {
  const imageId = imageIdOf(context);
  const made = await makeSnapshot(context, imageId);
  if ('step' in made) return made;
  const kind = backupType === null ? 'snapshot' : 'backup';
  return fillRecord(context, { imageId, providerImageId: made.snapshotId, kind, backupType }, made);
}

/** Begins a snapshot, and waits until it is available. The token makes it once, however often this is called. */
export async function makeSnapshot(context: OperationContext, name: string): Promise<ProviderSnapshot | Wait> {
  const { provider, operation, signal } = context;
  const { snapshotId } = operation.memo;
  if (typeof snapshotId !== 'string') {
    const row = await livingMachineRow(context);
    const begun = await provider.snapshot?.(row.providerId, { name, token: `${operation.cause}-${operation.verb}` }, { signal });
    if (begun === undefined) throw new Failure('unsupported', 'Snapshots are not available in this cell.', 400);
    return begun.state === 'available' ? begun : waitFor(begun.snapshotId);
  }
  const known = (await provider.describeSnapshots?.([snapshotId], { signal }))?.get(snapshotId);
  if (known?.state === 'available') return known;
  if (known?.state === 'error') throw new Failure('unavailable', 'The cloud could not finish the snapshot.', 503);
  return waitFor(snapshotId);
}

function waitFor(snapshotId: string): Wait {
  return { step: 'wait', at: 'snapshotting', memo: { snapshotId } satisfies JsonObject, delayMs: CONVERGE_MS };
}

function noted({ note }: Filled): { readonly note?: string } {
  return note === undefined ? {} : { note };
}

function imageIdOf({ operation }: OperationContext): string {
  const { image_id: imageId } = operation.parameters;
  if (typeof imageId !== 'string') throw new Failure('invalid', 'The request names no image record to fill.', 400);
  return imageId;
}

/** Deletes the oldest backups of that type, with the parent's records of them, so that no more than `rotation` are left. */
async function rotateOut(context: OperationContext, backupType: string): Promise<readonly Write[]> {
  const { store, provider, instance, operation, signal } = context;
  const rotation = Number(operation.parameters.rotation ?? Number.POSITIVE_INFINITY);
  const newestFirst = await store.images.of(instance.uuid, { kind: 'backup', backupType });
  const expired = newestFirst.slice(rotation);
  for (const image of expired) await provider.deleteSnapshot?.(image.providerImageId, { signal });
  const imageIds = expired.map(({ imageId }) => imageId);
  await removeRecords(context, imageIds);
  return imageIds.map((imageId) => ({ write: 'forget-image', imageId }));
}
