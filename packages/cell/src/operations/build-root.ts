import { type Launch, ProviderError, type ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow, Write } from '@burstcell/store';
import { attachedWrites, volumeDevice } from './attach-volume.js';
import { rootVolume } from './build-disks.js';
import { isKept } from './build-steps.js';
import { devicesOf, keptColumns } from './build-volumes.js';
import { converge } from './converge.js';
import { unsupportedVerb } from './failure.js';
import { freshMachine, machineOf } from './machine.js';
import type { OperationContext, Wait } from './verb.js';
import { volumeCaller } from './volume-caller.js';
import { volumesZone } from './volume-zone.js';

/**
 * Keeps the volume that the machine will boot from, before one is started for it. Null: it is kept, or there is none. Steps:
 * (none) look whether it can be had at all → `reserving`; from then on a build that fails gives it back.
 */
export async function reserveRoot(context: OperationContext, zone: string | null): Promise<Wait | null> {
  const { operation, provider, volumes, instance } = context;
  const volumeId = rootVolume(devicesOf(context));
  if (volumeId === null) return null;
  if (provider.bootFromVolume === undefined) throw unsupportedVerb('boot from a volume', provider.name);
  if (!isKept(operation.step)) {
    await volumesZone(context, devicesOf(context), zone);
    return { step: 'wait', at: RESERVING, delayMs: 0 };
  }
  if (operation.step === RESERVING) await volumes.reserve({ volumeId, instanceUuid: instance.uuid }, volumeCaller(context));
  return null;
}

const RESERVING = 'reserving';

/** A machine that boots from the volume, as it is now, and what to record of it; else the wait until the next look. */
export interface Rooted {
  readonly machine: ProviderInstance;
  readonly writes: readonly Write[];
}

/** Repeat-safe, like {@link ProviderAbilities.bootFromVolume}; the machine is stopped and started meanwhile. */
export async function rooted(context: OperationContext, row: ProviderInstanceRow): Promise<Rooted | Wait> {
  const { provider, volumes, instance, signal } = context;
  const volumeId = rootVolume(devicesOf(context));
  if (volumeId === null) return { machine: machineOf(row), writes: [] };
  const caller = volumeCaller(context);
  const boot = { providerVolumeId: await volumes.providerVolumeId(volumeId, caller), launch: await launchOf(context, row) };
  const step = async () => (await provider.bootFromVolume?.(row.providerId, boot, { signal })) ?? 'done';
  const wait = await converge(context, { row, at: 'rooting', step });
  if (wait !== null) return wait;
  const machine = (await freshMachine(context, row)) ?? machineOf(row);
  const deviceName = machine.rootDeviceName ?? '/dev/sda';
  await volumes.attached({ volumeId, instanceUuid: instance.uuid, deviceName }, caller);
  const device = { ...volumeDevice({ volumeId, deviceName }), ...keptColumns(context, volumeId) };
  return { machine, writes: attachedWrites(context, device) };
}

async function launchOf({ store, instance }: OperationContext, { launchToken }: ProviderInstanceRow): Promise<Launch> {
  const launch = (await store.launches.of(instance.uuid)).find(({ token }) => token === launchToken);
  if (launch !== undefined) return launch as unknown as Launch;
  throw new ProviderError('invalid', `no launch of ${instance.uuid} has the token ${launchToken}`);
}
