import type { Ec2Address, Ec2AddressApi } from '../ports/ec2-address-api.js';
import type { Ec2CallOptions, Ec2Tags } from '../ports/ec2-api.js';
import { FakeChanges } from './fake-changes.js';

type Options = Ec2CallOptions;

/** The fake's calls on elastic addresses, and what a test does to them. */
export class FakeAddresses extends FakeChanges implements Ec2AddressApi {
  describeAddresses(
    { filters }: { readonly filters: Readonly<Record<string, readonly string[]>> },
    { signal }: Options = {},
  ): Promise<readonly Ec2Address[]> {
    return this.call({ action: 'DescribeAddresses', signal }, ({ addresses }) => addresses.describe(filters));
  }

  allocateAddress(
    { tags, publicIpv4Pool }: { readonly tags: Ec2Tags; readonly publicIpv4Pool?: string },
    { signal }: Options = {},
  ): Promise<{ readonly allocationId: string }> {
    return this.call({ action: 'AllocateAddress', signal }, ({ addresses }) => {
      const { allocationId } = addresses.allocate(tags, publicIpv4Pool);
      return { allocationId };
    });
  }

  associateAddress(
    { allocationId, networkInterfaceId }: { readonly allocationId: string; readonly networkInterfaceId: string },
    { signal }: Options = {},
  ): Promise<void> {
    const call = { action: 'AssociateAddress', signal };
    return this.call(call, ({ addresses }) => addresses.associate(allocationId, networkInterfaceId));
  }

  disassociateAddress(associationId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DisassociateAddress', signal }, ({ addresses }) => addresses.disassociate(associationId));
  }

  releaseAddress(allocationId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'ReleaseAddress', signal }, ({ addresses }) => addresses.release(allocationId));
  }

  /** Every elastic address that is paid for. Not a call. */
  elasticAddresses(): readonly Ec2Address[] {
    this.account.agenda.runDue();
    return this.account.addresses.describe({});
  }

  /** One that somebody else has taken; answers its allocation id. */
  addElasticAddress(tags: Ec2Tags = {}): string {
    return this.account.addresses.allocate(tags).allocationId;
  }

  /** How many the account may have at once; null: any number. */
  setAddressLimit(limit: number | null): void {
    this.account.addresses.limit = limit;
  }

  /** Which of the account's own pools addresses were asked of. */
  ownPools(): readonly string[] {
    return this.account.addresses.all().flatMap(({ ownPool }) => (ownPool === undefined ? [] : [ownPool]));
  }
}
