import type { Ec2Address } from '../ports/ec2-address-api.js';
import type { Ec2Tags } from '../ports/ec2-api.js';
import type { AddressPool } from './address-pool.js';
import { ec2Failure } from './failures.js';
import { addressFilter, type Filters } from './filters.js';
import { interfaceIdOf, type Machine } from './machine.js';
import type { Machines } from './machines.js';
import { checkTags } from './tag-checks.js';

/** An elastic address as the fake keeps it. */
export interface ElasticAddress {
  readonly allocationId: string;
  readonly publicIp: string;
  /** Of which of the account's own pools it was asked for. */
  readonly ownPool: string | undefined;
  tags: Ec2Tags;
  association: { readonly id: string; readonly machine: Machine } | undefined;
}

export interface ElasticParts {
  readonly machines: Machines;
  /** Where public addresses come from and go back to. */
  readonly pool: AddressPool;
  readonly newId: (kind: string) => string;
}

/** The account's elastic addresses. */
export class ElasticAddresses {
  readonly #all = new Map<string, ElasticAddress>();
  /** How many it may have at once (AWS: "Elastic IP addresses", quota); null: any number. */
  limit: number | null = null;

  constructor(private readonly parts: ElasticParts) {}

  all(): readonly ElasticAddress[] {
    return [...this.#all.values()];
  }

  describe(filters: Filters): readonly Ec2Address[] {
    return this.all().map(toAddress).filter(addressFilter(filters));
  }

  /** Throws AddressLimitExceeded. */
  allocate(tags: Ec2Tags, ownPool?: string): ElasticAddress {
    checkTags(tags);
    const publicIp = this.limit !== null && this.#all.size >= this.limit ? undefined : this.parts.pool.take();
    if (publicIp === undefined) throw ec2Failure('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
    const address = { allocationId: this.parts.newId('eipalloc'), publicIp, ownPool, tags, association: undefined };
    this.#all.set(address.allocationId, address);
    return address;
  }

  /** Again with the same interface is no error, and one that the interface had gives way (AWS: AssociateAddress). */
  associate(allocationId: string, networkInterfaceId: string): void {
    const address = this.require(allocationId);
    const machine = this.#ofInterface(networkInterfaceId);
    if (address.association?.machine === machine) return;
    if (address.association !== undefined)
      throw ec2Failure('Resource.AlreadyAssociated', `resource ${allocationId} is already associated`);
    this.leave(machine);
    // The one that the subnet gave goes back at once (Amazon EC2: Elastic IP addresses).
    if (machine.publicIp !== undefined) this.parts.pool.giveBack(machine.publicIp);
    machine.publicIp = undefined;
    machine.elasticIp = address.publicIp;
    address.association = { id: this.parts.newId('eipassoc'), machine };
  }

  /** Throws InvalidAssociationID.NotFound. */
  disassociate(associationId: string): void {
    const address = this.all().find(({ association }) => association?.id === associationId);
    if (address === undefined) {
      throw ec2Failure('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);
    }
    part(address);
  }

  /** Throws InvalidIPAddress.InUse, InvalidAllocationID.NotFound. */
  release(allocationId: string): void {
    const address = this.require(allocationId);
    if (address.association !== undefined) throw ec2Failure('InvalidIPAddress.InUse', `Address ${address.publicIp} is in use.`);
    this.#all.delete(allocationId);
    this.parts.pool.giveBack(address.publicIp);
  }

  /** Its address goes off the machine and stays the account's: so does its end. */
  leave(machine: Machine): void {
    for (const address of this.#all.values()) if (address.association?.machine === machine) part(address);
  }

  require(allocationId: string): ElasticAddress {
    const address = this.#all.get(allocationId);
    if (address !== undefined) return address;
    throw ec2Failure('InvalidAllocationID.NotFound', `The allocation ID '${allocationId}' does not exist`);
  }

  #ofInterface(networkInterfaceId: string): Machine {
    const machine = this.parts.machines.find(networkInterfaceId.replace('eni-', 'i-'));
    if (machine === undefined || machine.state === 'terminated' || interfaceIdOf(machine) !== networkInterfaceId) {
      throw ec2Failure('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${networkInterfaceId}' does not exist`);
    }
    if (machine.state === 'pending') throw ec2Failure('IncorrectInstanceState', `The pending instance is not in a valid state`);
    return machine;
  }
}

function part(address: ElasticAddress): void {
  if (address.association !== undefined) address.association.machine.elasticIp = undefined;
  address.association = undefined;
}

function toAddress({ allocationId, publicIp, tags, association }: ElasticAddress): Ec2Address {
  if (association === undefined) return { allocationId, publicIp, tags };
  const { id: associationId, machine } = association;
  const where = { associationId, instanceId: machine.id, networkInterfaceId: interfaceIdOf(machine) };
  return { allocationId, publicIp, tags, ...where };
}
