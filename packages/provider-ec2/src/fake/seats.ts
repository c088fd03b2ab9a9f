import type { Ec2Error, Ec2InterfaceInput, RunInstancesInput } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import type { Subnet, Subnets } from './subnets.js';

/** An interface beside the first, with its address. */
export interface ExtraInterface {
  readonly subnet: Subnet;
  readonly address: string;
}

/** The private addresses of one machine: of its first interface, and of the others. */
export interface Seat {
  readonly subnet: Subnet;
  readonly address: string;
  readonly more: readonly ExtraInterface[];
}

/** What a launch says of the first interface, wherever it says it. */
export function firstInterface(input: RunInstancesInput): Partial<Ec2InterfaceInput> {
  return input.interfaces?.[0] ?? input;
}

/** AWS: RunInstances: network parameters stand in the interfaces or beside them, never both. */
export function checkInterfaces({ interfaces, subnetId, securityGroupIds, privateIpAddress }: RunInstancesInput): void {
  if (interfaces === undefined) return;
  if (subnetId !== undefined || securityGroupIds !== undefined || privateIpAddress !== undefined) {
    throw ec2Failure(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  }
  if (interfaces.length > 1 && interfaces.some(({ associatePublicIp }) => associatePublicIp === true)) {
    throw ec2Failure(
      'InvalidParameterCombination',
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    );
  }
}

/** Addresses for one more machine; the reason when there are none, and then none is taken. */
export function takeSeat(subnets: Subnets, subnet: Subnet, input: RunInstancesInput): Seat | Ec2Error {
  const address = takeAddress(subnet, firstInterface(input).privateIpAddress);
  if (typeof address !== 'string') return address;
  const more: ExtraInterface[] = [];
  for (const { subnetId, privateIpAddress } of input.interfaces?.slice(1) ?? []) {
    const next = takeExtra(subnets.byId(subnetId), subnet, privateIpAddress);
    if (!('address' in next)) {
      giveSeatBack({ subnet, address, more });
      return next;
    }
    more.push(next);
  }
  return { subnet, address, more };
}

export function giveSeatBack({ subnet, address, more }: Seat): void {
  subnet.pool.giveBack(address);
  for (const extra of more) extra.subnet.pool.giveBack(extra.address);
}

function takeExtra(subnet: Subnet, first: Subnet, exact: string | undefined): ExtraInterface | Ec2Error {
  if (subnet.zone !== first.zone) {
    return ec2Failure('InvalidParameterValue', 'Interfaces of an instance must be in one Availability Zone');
  }
  const address = takeAddress(subnet, exact);
  return typeof address === 'string' ? { subnet, address } : address;
}

function takeAddress(subnet: Subnet, exact: string | undefined): string | Ec2Error {
  if (exact !== undefined) {
    return subnet.pool.takeExactly(exact) ? exact : ec2Failure('InvalidIPAddress.InUse', `Address ${exact} is in use.`);
  }
  const address = subnet.pool.take();
  return (
    address ??
    ec2Failure(
      'InsufficientFreeAddressesInSubnet',
      `The specified subnet '${subnet.subnetId}' does not have enough free addresses to satisfy the request.`,
    )
  );
}
