import type { Write } from '@burstcell/store';
import { attach, attachedWrites, deviceWrite, volumeDevice } from './attach-volume.js';
import { livingMachineRow } from './change-state.js';
import { converge } from './converge.js';
import { Failure } from './failure.js';
import { freeVolumeWrite } from './free-volume.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';
import { isRootVolume } from './volume-backed.js';
import { volumeCaller } from './volume-caller.js';
import { VolumeNotFree } from './volume-not-free.js';
import { checkZone } from './volume-zone.js';

/** `nova volume-attach`, a call: the user waits for the device's name. */
export const attachVolume: Verb = {
  name: 'attach-volume',
  action: 'attach_volume',
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['attachVolume', 'detachVolume'],

  async run(context: OperationContext): Promise<Step> {
    const { operation, instance, volumes } = context;
    const row = await livingMachineRow(context);
    const volumeId = textArgument(context, 0);
    if (volumeId === null) throw new Failure('invalid', 'The request names no volume.', 400);
    const caller = volumeCaller(context);
    const use = { volumeId, instanceUuid: instance.uuid };
    const wanted = { ...use, deviceName: textArgument(context, 1) };
    if (operation.step === null) {
      await volumes.providerVolumeId(volumeId, caller);
      await volumes.checkFree(use, caller);
      await checkZone(context, row, volumeId);
      return { step: 'wait', at: 'reserving', delayMs: 0, writes: [deviceWrite(instance.uuid, volumeDevice(wanted))] };
    }
    const deviceName = await attach(context, row.providerId, wanted);
    const device = volumeDevice({ ...wanted, deviceName });
    return done(attachedWrites(context, device), { answer: deviceName, silent: true });
  },

  /** Before the first record nothing was reserved; a volume that was refused is somebody else's. */
  afterFailure(context, failure) {
    const volumeId = textArgument(context, 0);
    if (context.operation.step === null || volumeId === null) return [];
    const gone: Write = { write: 'delete-block-device', uuid: context.instance.uuid, volumeId };
    return failure instanceof VolumeNotFree ? [gone] : [gone, freeVolumeWrite(context, volumeId)];
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
    const { provider, instance, signal, operation, volumes } = context;
    const row = await livingMachineRow(context);
    const volumeId = volumeIdOf(context);
    if (volumeId === null) throw new Failure('invalid', 'The request names no volume.', 400);
    const devices = await context.store.instances.blockDevices(instance.uuid);
    if (devices.some((device) => isRootVolume(device) && device.volume_id === volumeId)) throw rootStays();
    const caller = volumeCaller(context);
    const use = { volumeId, instanceUuid: instance.uuid };
    const providerVolumeId = await volumes.providerVolumeId(volumeId, caller);
    await volumes.beginDetaching(use, caller);
    const step = async () => (await provider.detachVolume?.(row.providerId, providerVolumeId, { signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'detaching', step });
    if (wait !== null) return wait;
    await volumes.free(use, caller);
    const gone: Write = {
      write: 'message',
      uuid: instance.uuid,
      kind: 'block-device-gone',
      payload: { instance_uuid: instance.uuid, device_name: null, volume_id: volumeId, cause: operation.cause },
    };
    return done([{ write: 'delete-block-device', uuid: instance.uuid, volumeId }, gone], { silent: true });
  },

  afterFailure(context, failure) {
    const volumeId = volumeIdOf(context);
    return volumeId === null || failure instanceof VolumeNotFree ? [] : [freeVolumeWrite(context, volumeId, 'keep')];
  },
};

function rootStays(): Failure {
  return new Failure('invalid', 'The server boots from this volume: it is free once the server is deleted.', 400);
}

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
