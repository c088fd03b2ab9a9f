import type { ProviderAddress, ProviderInstance, ProviderNic, ProviderState } from '@burstcell/provider';
import { TAG } from '../launching/tags.js';
import type { Ec2Instance, Ec2NetworkInterface, Ec2StateName, Ec2Subnet } from '../ports/ec2-api.js';

export interface ObservedParts {
  readonly networkLabel: string;
  readonly subnet: (subnetId: string) => Ec2Subnet | undefined;
}

/** EC2's states in the contract's words. */
export const STATES: Readonly<Record<Ec2StateName, ProviderState>> = {
  pending: 'pending',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  'shutting-down': 'terminating',
  terminated: 'terminated',
};

/** EC2's words → the contract's. */
export function toProviderInstance(instance: Ec2Instance, parts: ObservedParts): ProviderInstance {
  return {
    providerId: instance.instanceId,
    state: isHibernated(instance) ? 'suspended' : STATES[instance.state],
    zone: instance.availabilityZone,
    launchedAt: instance.launchTime ?? null,
    nics: instance.interfaces.map((nic) => toNic(nic, parts)),
    size: instance.instanceType,
    rootDeviceName: instance.rootDeviceName ?? null,
    reason: instance.stateReason ?? null,
    uuid: instance.tags[TAG.uuid] ?? null,
    launchToken: instance.tags[TAG.launch] ?? instance.clientToken ?? null,
    ...(instance.tags[TAG.adopted] === undefined ? {} : { isAdopted: true }),
  };
}

/** EC2 calls a hibernated machine stopped; only the reason tells them apart (AWS: StateReason). */
export function isHibernated({ state, stateReason }: Ec2Instance): boolean {
  return state === 'stopped' && isHibernation(stateReason);
}

export function isHibernation(stateReason: string | undefined): boolean {
  return stateReason?.startsWith('Client.UserInitiatedHibernate') ?? false;
}

function toNic(nic: Ec2NetworkInterface, { networkLabel, subnet }: ObservedParts): ProviderNic {
  return {
    id: nic.id,
    mac: nic.mac,
    networkId: nic.subnetId,
    networkLabel,
    cidr: subnet(nic.subnetId)?.cidr ?? null,
    addresses: addressesOf(nic),
  };
}

function addressesOf({ privateAddresses, ipv6Addresses }: Ec2NetworkInterface): readonly ProviderAddress[] {
  return [
    ...privateAddresses.map(({ address }): ProviderAddress => ({ address, version: 4, type: 'fixed' })),
    ...ipv6Addresses.map((address): ProviderAddress => ({ address, version: 6, type: 'fixed' })),
    ...privateAddresses.flatMap(({ publicAddress }): ProviderAddress[] =>
      publicAddress === undefined ? [] : [{ address: publicAddress, version: 4, type: 'floating' }],
    ),
  ];
}
