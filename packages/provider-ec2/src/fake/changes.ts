import type { Ec2InstanceType, Ec2Tags } from '../ports/ec2-api.js';
import type { Ec2AttributeChange, Ec2InstanceStatus } from '../ports/ec2-change-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import { findType } from './launch-checks.js';
import { interfaceIdOf, type Machine } from './machine.js';
import { checkTags } from './tag-checks.js';

/** A general instance type's addresses per interface; AWS's smallest have fewer. */
const ADDRESSES_PER_INTERFACE = 4;

/** Throws IncorrectInstanceState for a change of type or user data of a machine that is not stopped, InvalidParameterCombination for one that does not fit, UnsupportedOperation for a spot machine. */
export function modifyInstanceAttribute(account: Account, id: string, change: Ec2AttributeChange): void {
  const [machine] = account.machines.require([id]);
  if (machine === undefined) return;
  if ('instanceType' in change) {
    machine.type = suited(machine, findType(change.instanceType, account.region));
    return;
  }
  if ('disableApiTermination' in change) {
    machine.isProtected = protectable(machine, change.disableApiTermination);
    return;
  }
  if ('userData' in change) {
    mustBeStopped(machine);
    machine.laterUserData = change.userData;
    return;
  }
  const { deviceName, volumeId, deleteOnTermination } = change.blockDevice;
  const volume = account.volumes.at(machine, deviceName);
  if (volume?.attachment === undefined || volume.id !== volumeId) {
    throw ec2Failure('InvalidInstanceAttributeValue', `No device is currently mapped at ${deviceName}`);
  }
  volume.attachment.deleteOnTermination = deleteOnTermination;
}

function mustBeStopped({ id, state }: Machine): void {
  if (state !== 'stopped') throw ec2Failure('IncorrectInstanceState', `The instance '${id}' is not in the 'stopped' state.`);
}

function suited(machine: Machine, type: Ec2InstanceType): Ec2InstanceType {
  mustBeStopped(machine);
  if (machine.launch.market === 'spot') {
    throw ec2Failure('UnsupportedOperation', 'The instance type of a Spot Instance cannot be changed.');
  }
  if (!type.architectures.includes(machine.image.architecture)) {
    throw ec2Failure('InvalidParameterCombination', `The architecture of ${type.instanceType} does not match the instance's.`);
  }
  return type;
}

function protectable({ id, launch }: Machine, on: boolean): boolean {
  if (launch.market !== 'spot') return on;
  throw ec2Failure('UnsupportedOperation', `The attribute disableApiTermination of the Spot Instance '${id}' cannot be changed.`);
}

/** Throws the not-found of the resource's kind, and TagLimitExceeded and InvalidParameterValue for the tags. */
export function createTags(account: Account, resourceIds: readonly string[], tags: Ec2Tags): void {
  const holders = resourceIds.map((id) => tagHolder(account, id));
  for (const { tags: before } of holders) checkTags({ ...before, ...tags });
  for (const holder of holders) holder.set({ ...holder.tags, ...tags });
}

export function deleteTags(account: Account, resourceIds: readonly string[], keys: readonly string[]): void {
  for (const holder of resourceIds.map((id) => tagHolder(account, id))) {
    holder.set(Object.fromEntries(Object.entries(holder.tags).filter(([key]) => !keys.includes(key))));
  }
}

interface TagHolder {
  readonly tags: Ec2Tags;
  readonly set: (tags: Ec2Tags) => void;
}

function tagHolder(account: Account, id: string): TagHolder {
  if (id.startsWith('vol-')) return fieldOf(account.volumes.require(id));
  if (id.startsWith('snap-')) {
    const snapshot = account.snapshots.require(id);
    return { tags: snapshot.tags, set: (tags) => account.snapshots.put({ ...snapshot, tags }) };
  }
  if (id.startsWith('eipalloc-')) return fieldOf(account.addresses.require(id));
  if (id.startsWith('ami-')) {
    const image = account.images.find(id);
    if (image === undefined) throw ec2Failure('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
    return { tags: image.tags ?? {}, set: (tags) => account.images.change(id, { tags }) };
  }
  const [machine] = account.machines.require([id]);
  if (machine === undefined) throw ec2Failure('InvalidID', `The ID '${id}' is not valid`);
  return fieldOf(machine);
}

function fieldOf(thing: { tags: Ec2Tags }): TagHolder {
  return {
    tags: thing.tags,
    set: (tags) => {
      thing.tags = tags;
    },
  };
}

/** Throws PrivateIpAddressLimitExceeded and InsufficientFreeAddressesInSubnet; then nothing is assigned. */
export function assignPrivateIpAddresses(account: Account, interfaceId: string, count: number): void {
  const machine = ofInterface(account, interfaceId);
  if (machine.secondaryIps.length + 1 + count > ADDRESSES_PER_INTERFACE) {
    throw ec2Failure('PrivateIpAddressLimitExceeded', `Number of private addresses will exceed limit.`);
  }
  if (machine.subnet.pool.free < count) {
    throw ec2Failure('InsufficientFreeAddressesInSubnet', 'There are not enough free addresses in the subnet.');
  }
  for (let left = count; left > 0; left -= 1) {
    const address = machine.subnet.pool.take();
    if (address !== undefined) machine.secondaryIps = [...machine.secondaryIps, address];
  }
}

/** Throws InvalidParameterValue for an address that is not a secondary one of this interface. */
export function unassignPrivateIpAddresses(account: Account, interfaceId: string, addresses: readonly string[]): void {
  const machine = ofInterface(account, interfaceId);
  const foreign = addresses.find((address) => !machine.secondaryIps.includes(address));
  if (foreign !== undefined) {
    throw ec2Failure('InvalidParameterValue', `${foreign} is not a secondary address of ${interfaceId}.`);
  }
  machine.secondaryIps = machine.secondaryIps.filter((address) => !addresses.includes(address));
  for (const address of addresses) machine.subnet.pool.giveBack(address);
}

function ofInterface({ machines }: Account, interfaceId: string): Machine {
  const machine = machines.find(interfaceId.replace('eni-', 'i-'));
  if (machine !== undefined && machine.state !== 'terminated' && interfaceIdOf(machine) === interfaceId) return machine;
  throw ec2Failure('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${interfaceId}' does not exist`);
}

/** Running machines only, all in the best of health. */
export function describeInstanceStatus({ machines }: Account, ids: readonly string[]): readonly Ec2InstanceStatus[] {
  return machines
    .require(ids)
    .filter(({ state }) => state === 'running')
    .map(({ id }) => ({ instanceId: id, instanceStatus: 'ok', systemStatus: 'ok' }));
}
