import type { Ec2Subnet } from '../ports/ec2-api.js';
import { AddressPool } from './address-pool.js';
import { ec2Failure } from './failures.js';
import type { Region } from './region.js';

/** A subnet and its addresses. */
export interface Subnet extends Ec2Subnet {
  readonly pool: AddressPool;
  readonly isDefault: boolean;
}

/** The region's subnets, and the public addresses that machines in default subnets get. */
export class Subnets {
  readonly publicAddresses = new AddressPool('198.18.0.0/15', 2 ** 17 - 2);
  readonly #subnets: readonly Subnet[];

  constructor(private readonly region: Region) {
    this.#subnets = region.subnets.map((subnet) => ({
      ...subnet,
      pool: new AddressPool(subnet.cidr, subnet.freeAddresses),
      isDefault: region.subnets.find((other) => other.zone === subnet.zone) === subnet,
    }));
  }

  describe({ ids, defaultForAz }: { readonly ids?: readonly string[]; readonly defaultForAz?: boolean }): readonly Ec2Subnet[] {
    const chosen = ids === undefined || ids.length === 0 ? this.#subnets : ids.map((id) => this.byId(id));
    return chosen
      .filter((subnet) => defaultForAz === undefined || subnet.isDefault === defaultForAz)
      .map(({ pool, isDefault: _, ...subnet }) => ({ ...subnet, freeAddresses: pool.free }));
  }

  byId(id: string): Subnet {
    const subnet = this.#subnets.find(({ subnetId }) => subnetId === id);
    if (subnet === undefined) throw ec2Failure('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  }

  /** Where a launch may go, best first: the subnet asked for, else the default ones of the zone asked for or of all. */
  candidates(subnetId: string | undefined, zone: string | undefined): readonly Subnet[] {
    if (subnetId !== undefined) return [this.#inZone(this.byId(subnetId), zone)];
    this.#checkZone(zone);
    const found = this.#subnets.filter((subnet) => subnet.isDefault && (zone === undefined || subnet.zone === zone));
    if (found.length === 0) throw ec2Failure('MissingInput', `No default subnet for availability zone: '${zone ?? 'any'}'.`);
    return found;
  }

  #inZone(subnet: Subnet, zone: string | undefined): Subnet {
    if (zone === undefined || subnet.zone === zone) return subnet;
    throw ec2Failure(
      'InvalidParameterValue',
      `The availability zone '${zone}' does not match that of subnet '${subnet.subnetId}'`,
    );
  }

  #checkZone(zone: string | undefined): void {
    if (zone === undefined || this.region.zones.some(({ name }) => name === zone)) return;
    throw ec2Failure('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
  }
}
