import type { ProviderInstance } from '@burstcell/provider';
import type { Write } from '@burstcell/store';
import { attach, attachedWrites, volumeDevice } from './attach-volume.js';
import { type BuildDevice, dataVolumes } from './build-disks.js';
import type { Failure } from './failure.js';
import { freeVolumeWrite } from './free-volume.js';
import type { OperationContext } from './verb.js';
import { VolumeNotFree } from './volume-not-free.js';

/** A build's devices beyond the image's disk as the flavor says. */
export function devicesOf({ operation }: OperationContext): readonly BuildDevice[] {
  return (operation.parameters.blockDevices ?? []) as unknown as readonly BuildDevice[];
}

/** Volumes that a build is to attach before it is done. */
export function volumesToAttach(context: OperationContext): readonly string[] {
  return dataVolumes(devicesOf(context));
}

/** One after the other; repeat-safe. Answers what to record. */
export async function attachAll(context: OperationContext, machine: ProviderInstance): Promise<readonly Write[]> {
  const rows = await context.store.instances.blockDevices(context.instance.uuid);
  const writes: Write[] = [];
  for (const volumeId of volumesToAttach(context)) {
    const use = { volumeId, instanceUuid: context.instance.uuid };
    const deviceName = await attach(context, machine.providerId, { ...use, deviceName: null });
    const row = rows.find(({ volume_id: id }) => id === volumeId);
    const kept = { delete_on_termination: row?.delete_on_termination ?? false, boot_index: row?.boot_index ?? null };
    writes.push(...attachedWrites(context, { ...volumeDevice({ volumeId, deviceName }), ...kept }));
  }
  return writes;
}

/** After a build that failed on the way: what it may have reserved is given back, but for a volume that was never its. */
export function freeUnused(context: OperationContext, failure: Failure): readonly Write[] {
  if (context.operation.step !== 'attaching') return [];
  const refused = failure instanceof VolumeNotFree ? failure.volumeId : null;
  return volumesToAttach(context)
    .filter((volumeId) => volumeId !== refused)
    .map((volumeId) => freeVolumeWrite(context, volumeId));
}
