import type { NewBlockDevice, Write } from '@burstcell/store';
import { livingMachineRow } from './change-state.js';
import { converge } from './converge.js';
import { Failure } from './failure.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** `nova volume-attach`, a call: the user waits for the device's name. */
export const attachVolume: Verb = {
  name: 'attach-volume',
  action: 'attach_volume',
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['attachVolume', 'detachVolume'],

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, instance, signal } = context;
    const row = await livingMachineRow(context);
    const volumeId = textArgument(context, 0);
    if (volumeId === null) throw new Failure('invalid', 'The request names no volume.', 400);
    const volume = {
      volumeId,
      providerVolumeId: await context.volumes.providerVolumeId(volumeId),
      deviceName: textArgument(context, 1),
    };
    const attached = await provider.attachVolume?.(row.providerId, volume, { signal });
    const deviceName = attached?.deviceName ?? volume.deviceName ?? '/dev/vdb';
    const device = blockDevice(volumeId, deviceName);
    const payload = { instance_uuid: instance.uuid, ...device };
    return done(
      [
        { write: 'set-block-device', uuid: instance.uuid, device },
        { write: 'message', uuid: instance.uuid, kind: 'block-device', payload: { ...payload, cause: operation.cause } },
      ],
      { answer: deviceName, silent: true },
    );
  },
};

/** `nova volume-detach`. */
export const detachVolume: Verb = {
  name: 'detach-volume',
  action: 'detach_volume',
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['detachVolume'],

  async run(context: OperationContext): Promise<Step> {
    const { provider, instance, signal, operation } = context;
    const row = await livingMachineRow(context);
    const volumeId = volumeIdOf(context);
    if (volumeId === null) throw new Failure('invalid', 'The request names no volume.', 400);
    const providerVolumeId = await context.volumes.providerVolumeId(volumeId);
    const step = async () => (await provider.detachVolume?.(row.providerId, providerVolumeId, { signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'detaching', step });
    if (wait !== null) return wait;
    const gone: Write = {
      write: 'message',
      uuid: instance.uuid,
      kind: 'block-device-gone',
      payload: { instance_uuid: instance.uuid, device_name: null, volume_id: volumeId, cause: operation.cause },
    };
    return done([{ write: 'delete-block-device', uuid: instance.uuid, volumeId }, gone], { silent: true });
  },
};

/** Positional arguments after the uuid, as the front kept them. */
function textArgument({ operation }: OperationContext, at: number): string | null {
  const value = Array.isArray(operation.parameters.args) ? operation.parameters.args[at] : undefined;
  return typeof value === 'string' ? value : null;
}

/** Grizzly gives the volume's id, later parents the volume service's whole answer. */
function volumeIdOf(context: OperationContext): string | null {
  const { args } = context.operation.parameters;
  const first = Array.isArray(args) ? args[0] : undefined;
  if (typeof first === 'object' && first !== null && !Array.isArray(first) && 'id' in first) {
    return typeof first.id === 'string' ? first.id : null;
  }
  return textArgument(context, 0);
}

function blockDevice(volumeId: string, deviceName: string): NewBlockDevice {
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
