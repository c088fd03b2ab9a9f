import { VmState } from '../states.js';
import { rootVolume } from './build-disks.js';
import { launching, launchUnderWay } from './build-launch.js';
import { booting, rooting } from './build-machine.js';
import { wantedZone } from './build-request.js';
import { reserveRoot } from './build-root.js';
import { BUILD } from './build-steps.js';
import { devicesOf, freeUnused } from './build-volumes.js';
import { disposeWrites } from './dispose.js';
import { importedImage } from './image-import.js';
import { makeVolumes, unmakeWrites } from './make-volumes.js';
import type { OperationContext, Step, Verb, Wait } from './verb.js';

/**
 * `nova boot`, from the parent's cast on. Steps: (none) choose and freeze → `launching` call,
 * replayed with the same token after a crash → `booting` until it runs and has its addresses. Volumes have steps of their own
 * ({@link ./build-steps.ts}).
 * Dying before the record of a launch leaves nothing; after it, the same launch is called again.
 */
export const build: Verb = {
  name: BUILD,
  action: 'create',
  taskState: null,
  from: 'any',
  deadline: 'build',
  failsTo: VmState.ERROR,
  launches: true,

  run: (context) => buildLike(context, null),

  /** The row is ERROR at once; whatever was started for it is ended in its own time. */
  afterFailure: (context, failure) => [...disposeWrites(context), ...freeUnused(context, failure)],

  clearsAway: unmakeWrites,
};

/** Starts a machine for the instance, from an image of the cell's own where one is given, and waits until it runs. */
export async function buildLike(context: OperationContext, providerImageId: string | null): Promise<Step> {
  const { step } = context.operation;
  if (step === 'rooting') return rooting(context);
  if (step === 'booting' || step === 'attaching') return booting(context);
  const underWay = await launchUnderWay(context);
  const waiting = underWay === null ? await volumesFirst(context) : null;
  if (waiting !== null) return waiting;
  if (rootVolume(devicesOf(context)) !== null) return launching(context, underWay, null);
  const imageId = providerImageId ?? (await importedImage(context, underWay !== null));
  if (imageId !== null && typeof imageId !== 'string') return imageId;
  return launching(context, underWay, imageId);
}

/** What volumes ask for before a machine is started for them. Null: nothing more. */
async function volumesFirst(context: OperationContext): Promise<Wait | null> {
  if (!devicesOf(context).some(({ destination_type: destination }) => destination === 'volume')) return null;
  const zone = await wantedZone(context);
  return (await makeVolumes(context, zone)) ?? reserveRoot(context, zone);
}
