import type { NewBlockDevice, Write } from '@burstcell/store';
import type { VolumeUse } from '../volumes.js';
import type { OperationContext } from './verb.js';
import { volumeCaller } from './volume-caller.js';

export interface WantedVolume extends VolumeUse {
  readonly deviceName: string | null;
}

/** Reserves, attaches and tells the volume service; repeat-safe. Answers the device's name. */
export async function attach(context: OperationContext, providerId: string, wanted: WantedVolume): Promise<string> {
  const { provider, volumes, signal } = context;
  const caller = volumeCaller(context);
  const providerVolumeId = await volumes.providerVolumeId(wanted.volumeId, caller);
  await volumes.reserve(wanted, caller);
  const { volumeId, deviceName } = wanted;
  const attached = await provider.attachVolume?.(providerId, { volumeId, providerVolumeId, deviceName }, { signal });
  const name = attached?.deviceName ?? deviceName ?? '/dev/vdb';
  await volumes.attached({ ...wanted, deviceName: name }, caller);
  return name;
}

/** Our row and the parent's of an attached volume. */
export function attachedWrites({ instance, operation }: OperationContext, device: NewBlockDevice): readonly Write[] {
  const { uuid } = instance;
  const payload = { instance_uuid: uuid, ...device, cause: operation.cause };
  return [deviceWrite(uuid, device), { write: 'message', uuid, kind: 'block-device', payload }];
}

export function deviceWrite(uuid: string, device: NewBlockDevice): Write {
  return { write: 'set-block-device', uuid, device };
}

export function volumeDevice({ volumeId, deviceName }: Pick<WantedVolume, 'volumeId' | 'deviceName'>): NewBlockDevice {
  return {
    device_name: deviceName,
    source_type: 'volume',
    destination_type: 'volume',
    device_type: null,
    disk_bus: null,
    guest_format: null,
    boot_index: null,
    image_id: null,
    volume_id: volumeId,
    snapshot_id: null,
    volume_size: null,
    delete_on_termination: false,
    no_device: false,
    connection_info: '{}',
    tag: null,
  };
}
