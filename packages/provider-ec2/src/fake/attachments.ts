import type { AttachVolumeInput } from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';

/** AWS: "Device names for volumes on Amazon EC2 instances". */
const DEVICE = /^(\/dev\/)?(sd[a-z][1-9]?[0-9]?|xvd[a-z]{1,2}[0-9]{0,2})$/;

/** Throws InvalidVolume.NotFound, .ZoneMismatch, VolumeInUse, IncorrectState and InvalidParameterValue. */
export function attachVolume(account: Account, { volumeId, instanceId, device }: AttachVolumeInput): void {
  const { volumes, machines } = account;
  const volume = volumes.require(volumeId);
  const [machine] = machines.require([instanceId]);
  if (machine === undefined) return;
  checkPower(machine);
  if (volume.state !== 'available') throw ec2Failure('VolumeInUse', `${volumeId} is already attached to an instance`);
  if (volume.zone !== machine.subnet.zone) {
    throw ec2Failure(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`,
    );
  }
  checkDevice(account, machine, device);
  volumes.attach(volume, machine, device);
}

/** Throws InvalidVolume.NotFound, IncorrectState when it is not attached there, and OperationNotPermitted for the root of a machine that is on. */
export function detachVolume(
  { volumes }: Account,
  { volumeId, instanceId }: { readonly volumeId: string; readonly instanceId: string },
): void {
  const volume = volumes.require(volumeId);
  const machine = volume.attachment?.machine;
  if (machine?.id !== instanceId) throw ec2Failure('IncorrectState', `Volume '${volumeId}' is in the '${volume.state}' state.`);
  const isRoot = volume.attachment?.device === machine.rootDeviceName;
  if (isRoot && machine.state !== 'stopped') {
    throw ec2Failure('OperationNotPermitted', `Unable to detach root volume '${volumeId}' from instance '${instanceId}'`);
  }
  volumes.detach(volume);
}

/** Throws InvalidVolume.NotFound and VolumeInUse. */
export function deleteVolume({ volumes }: Account, volumeId: string): void {
  const volume = volumes.require(volumeId);
  if (volume.state === 'in-use') {
    throw ec2Failure('VolumeInUse', `Volume ${volumeId} is currently attached to ${volume.attachment?.machine.id}`);
  }
  volumes.delete(volume);
}

function checkPower({ id, state }: Machine): void {
  if (state === 'running' || state === 'stopped') return;
  throw ec2Failure('IncorrectState', `Instance '${id}' is not 'running' or 'stopped'.`);
}

function checkDevice({ volumes }: Account, machine: Machine, device: string): void {
  if (!DEVICE.test(device)) throw ec2Failure('InvalidParameterValue', `Value (${device}) for parameter device is invalid.`);
  if (volumes.at(machine, device) === undefined) return;
  throw ec2Failure(
    'InvalidParameterValue',
    `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
  );
}
