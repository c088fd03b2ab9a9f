import type { ProviderInstance } from '@burstcell/provider';
import type { NewBlockDevice, Write } from '@burstcell/store';
import { attach, attachedWrites, volumeDevice } from './attach-volume.js';
import { type BuildDevice, dataVolumes, rootVolume } from './build-disks.js';
import { isKept } from './build-steps.js';
import type { Failure } from './failure.js';
import { freeVolumeWrite } from './free-volume.js';
import type { OperationContext } from './verb.js';
import { VolumeNotFree } from './volume-not-free.js';

/** A build's devices beyond the image's disk as the flavor says; of one that is built once more what it has noted. */
export function devicesOf({ operation }: OperationContext): readonly BuildDevice[] {
  return (operation.memo.blockDevices ?? operation.parameters.blockDevices ?? []) as unknown as readonly BuildDevice[];
}

/** Volumes that a build is to attach before it is done. */
export function volumesToAttach(context: OperationContext): readonly string[] {
  return dataVolumes(devicesOf(context));
}

/** One after the other; repeat-safe. Answers what to record. */
export async function attachAll(context: OperationContext, machine: ProviderInstance): Promise<readonly Write[]> {
  const writes: Write[] = [];
  for (const volumeId of volumesToAttach(context)) {
    const use = { volumeId, instanceUuid: context.instance.uuid };
    const deviceName = await attach(context, machine.providerId, { ...use, deviceName: null });
    writes.push(...attachedWrites(context, { ...volumeDevice({ volumeId, deviceName }), ...keptColumns(context, volumeId) }));
  }
  return writes;
}

/** What the parent said of the device that the volume is. */
export function keptColumns(context: OperationContext, volumeId: string): Partial<NewBlockDevice> {
  const device = devicesOf(context).find(({ volume_id: id }) => id === volumeId);
  return { delete_on_termination: device?.delete_on_termination ?? false, boot_index: device?.boot_index ?? null };
}

/** After a build that failed on the way: what it may have reserved is given back, but for a volume that was never its. */
export function freeUnused(context: OperationContext, failure: Failure): readonly Write[] {
  const { step } = context.operation;
  const root = isKept(step) ? rootVolume(devicesOf(context)) : null;
  const reserved = [...(root === null ? [] : [root]), ...(step === 'attaching' ? volumesToAttach(context) : [])];
  const refused = failure instanceof VolumeNotFree ? failure.volumeId : null;
  return reserved.filter((volumeId) => volumeId !== refused).map((volumeId) => freeVolumeWrite(context, volumeId));
}
