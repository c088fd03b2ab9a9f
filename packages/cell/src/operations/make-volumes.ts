import type { JsonObject, Write } from '@burstcell/store';
import { CONVERGE_MS } from '../timings.js';
import { type BuildDevice, isMade, madeOfSomething } from './build-disks.js';
import { devicesOf } from './build-volumes.js';
import { deleteMadeWrite } from './free-volume.js';
import type { OperationContext, Wait } from './verb.js';
import { volumeCaller } from './volume-caller.js';
import { volumesZone } from './volume-zone.js';

/**
 * Has the volume service make what a build's devices are to be made of, one after the other, in the zone that was asked for or that
 * the others are in: a machine has volumes of one zone only. Null: all exist, or none is asked for. Steps: (none) → `making`: from
 * then on a build that does not come to its end deletes them → `made`, whose memo has them as existing volumes.
 */
export async function makeVolumes(context: OperationContext, zone: string | null): Promise<Wait | null> {
  const devices = devicesOf(context);
  if (!devices.some(isMade)) return null;
  const caller = volumeCaller(context);
  if (!context.volumes.canMake(caller)) throw madeOfSomething();
  if (context.operation.step !== MAKING) {
    await volumesZone(context, devices, zone);
    return { step: 'wait', at: MAKING, delayMs: 0 };
  }
  const done: BuildDevice[] = [...devices];
  for (const [index, device] of devices.entries()) {
    if (!isMade(device)) continue;
    const where = (await volumesZone(context, done, zone)) ?? zone;
    const volumeId = await context.volumes.make(wishOf(context, { index, device, zone: where }), caller);
    if (!(await context.volumes.isMade(volumeId, caller))) return { step: 'wait', at: MAKING, delayMs: CONVERGE_MS };
    done[index] = { ...device, source_type: 'volume', volume_id: volumeId };
  }
  return { step: 'wait', at: 'made', delayMs: 0, memo: { blockDevices: done as unknown as JsonObject[] } };
}

const MAKING = 'making';

/** For a build that did not come to its end: what may have been made for it goes. */
export function unmakeWrites(context: OperationContext): readonly Write[] {
  if (context.operation.step === null) return [];
  const asked = (context.operation.parameters.blockDevices ?? []) as unknown as readonly BuildDevice[];
  return asked.flatMap((device, index) => (isMade(device) ? [deleteMadeWrite(context, nameOf(index))] : []));
}

interface Place {
  readonly index: number;
  readonly device: BuildDevice;
  readonly zone: string | null;
}

function wishOf({ instance }: OperationContext, { index, device, zone }: Place) {
  const { source_type: source, image_id: imageId = null, snapshot_id: snapshotId = null, volume_size: sizeGb } = device;
  const of = source === 'snapshot' ? { snapshotId, imageId: null } : { snapshotId: null, imageId };
  return { instanceUuid: instance.uuid, device: nameOf(index), ...of, sizeGb, zone };
}

/** By its place in the request, which does not change. */
function nameOf(index: number): string {
  return `disk${index}`;
}
