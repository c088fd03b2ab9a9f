import type { Ec2CallOptions, Ec2Tags } from './ec2-api.js';

/** EC2's calls on elastic IP addresses: public ones that belong to the account until they are released, and cost until then. */
export interface Ec2AddressApi {
  /** By filters, all at once: EC2 has no pages here. Filters as EC2 names them: `tag:NAME`, `allocation-id`, … */
  describeAddresses(
    input: { readonly filters: Readonly<Record<string, readonly string[]>> },
    options?: Ec2CallOptions,
  ): Promise<readonly Ec2Address[]>;
  /** Has no client token: a repeat takes one more (AWS: AllocateAddress). */
  allocateAddress(
    input: { readonly tags: Ec2Tags; readonly publicIpv4Pool?: string },
    options?: Ec2CallOptions,
  ): Promise<{ readonly allocationId: string }>;
  /** With the interface's first private address; Resource.AlreadyAssociated where the elastic one is with another. Repeat-safe. */
  associateAddress(
    input: { readonly allocationId: string; readonly networkInterfaceId: string },
    options?: Ec2CallOptions,
  ): Promise<void>;
  disassociateAddress(associationId: string, options?: Ec2CallOptions): Promise<void>;
  /** Refused with InvalidIPAddress.InUse while it is associated. */
  releaseAddress(allocationId: string, options?: Ec2CallOptions): Promise<void>;
}

export interface Ec2Address {
  readonly allocationId: string;
  readonly publicIp: string;
  /** Absent while it is associated with nothing. */
  readonly associationId?: string;
  /** Absent too where it is associated with an interface that is attached to no instance. */
  readonly instanceId?: string;
  readonly networkInterfaceId?: string;
  readonly tags: Ec2Tags;
}
