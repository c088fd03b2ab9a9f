import type { Ec2AddressApi } from './ec2-address-api.js';
import type { Ec2ChangeApi } from './ec2-change-api.js';
import type { ConnectApi } from './ec2-connect-api.js';
import type { Ec2GroupApi, Ec2GroupRule } from './ec2-group-api.js';
import type { ScreenApi } from './ec2-screen-api.js';
import type { Ec2StorageApi } from './ec2-storage-api.js';

/**
 * The only EC2 calls this package makes, in EC2's own words. The SDK implements it
 * ({@link ./sdk-api.ts}), and so does the fake: nothing else here imports the SDK.
 *
 * Calls reject with an {@link Ec2Error} that carries EC2's code. None is retried below this
 * port, except that the SDK may repeat a read: who repeats what is decided above it.
 */
export interface Ec2Api extends Ec2AddressApi, Ec2ChangeApi, Ec2GroupApi, Ec2StorageApi, ConnectApi, ScreenApi {
  runInstances(input: RunInstancesInput, options?: Ec2CallOptions): Promise<readonly Ec2Instance[]>;
  /** By ids (≤ 1,000, no paging) or by filters with paging; never both (AWS: DescribeInstances). */
  describeInstances(input: DescribeInstancesInput, options?: Ec2CallOptions): Promise<Ec2InstancePage>;
  startInstances(ids: readonly string[], options?: Ec2CallOptions): Promise<void>;
  stopInstances(ids: readonly string[], options?: Ec2CallOptions & Ec2StopOptions): Promise<void>;
  rebootInstances(ids: readonly string[], options?: Ec2CallOptions): Promise<void>;
  terminateInstances(ids: readonly string[], options?: Ec2CallOptions): Promise<void>;
  getConsoleOutput(id: string, options?: Ec2CallOptions): Promise<Ec2ConsoleOutput>;
  /** Encrypted, base64; empty until a Windows guest has told it, some minutes after its first boot (AWS: GetPasswordData). */
  getPasswordData(id: string, options?: Ec2CallOptions): Promise<string>;
  describeAvailabilityZones(options?: Ec2CallOptions): Promise<readonly Ec2Zone[]>;
  /** One page of the catalogue (AWS: MaxResults ≤ 100). */
  describeInstanceTypes(input: { readonly nextToken?: string }, options?: Ec2CallOptions): Promise<Ec2InstanceTypePage>;
  /** Which types each zone offers (LocationType availability-zone). */
  describeInstanceTypeOfferings(input: { readonly nextToken?: string }, options?: Ec2CallOptions): Promise<Ec2OfferingPage>;
  /** What Linux servers cost on the spot market, by type and zone, from that moment on; the price in force then included. */
  describeSpotPriceHistory(
    input: { readonly startTime: string; readonly nextToken?: string },
    options?: Ec2CallOptions,
  ): Promise<Ec2SpotPricePage>;
  describeImages(input: DescribeImagesInput, options?: Ec2CallOptions): Promise<readonly Ec2Image[]>;
  describeSubnets(
    input: { readonly ids?: readonly string[]; readonly defaultForAz?: boolean },
    options?: Ec2CallOptions,
  ): Promise<readonly Ec2Subnet[]>;
  /** Filters as EC2 names them: `group-name`, … All at once, as AWS answers where no page size is given (DescribeSecurityGroups). */
  describeSecurityGroups(
    input: { readonly filters: Readonly<Record<string, readonly string[]>> },
    options?: Ec2CallOptions,
  ): Promise<readonly Ec2SecurityGroup[]>;
  describeKeyPairs(names: readonly string[], options?: Ec2CallOptions): Promise<readonly Ec2KeyPair[]>;
  importKeyPair(
    input: { readonly name: string; readonly publicKey: string; readonly tags: Ec2Tags },
    options?: Ec2CallOptions,
  ): Promise<Ec2KeyPair>;
}

export interface Ec2CallOptions {
  readonly signal?: AbortSignal;
}

/** `hibernate`: refused unless the launch allowed it; memory goes to the root volume first. */
export interface Ec2StopOptions {
  readonly force?: boolean;
  readonly hibernate?: boolean;
}

export type Ec2Tags = Readonly<Record<string, string>>;
export type Ec2Market = 'on-demand' | 'spot';
export type Ec2StateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** RunInstances; parameters that are absent are not sent. Plain JSON: it is recorded before the call. */
export interface RunInstancesInput {
  readonly clientToken: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly availabilityZone?: string;
  readonly subnetId?: string;
  readonly market: Ec2Market;
  readonly keyName?: string;
  readonly securityGroupIds?: readonly string[];
  readonly privateIpAddress?: string;
  /** In the order of their device index; then subnet, groups and address stand here and not above. */
  readonly interfaces?: readonly Ec2InterfaceInput[];
  /** Name of a placement group. */
  readonly placementGroup?: string;
  readonly iamInstanceProfile?: string;
  /** base64. */
  readonly userData?: string;
  readonly imdsV2Required?: boolean;
  /** Whether it may be hibernated later: an encrypted root volume that holds the memory, and a type that can. */
  readonly hibernation?: boolean;
  readonly rootDevice?: Ec2DiskInput;
  /** Empty volumes besides. */
  readonly moreDevices?: readonly Ec2DiskInput[];
  /** For instances, volumes and interfaces of this launch. */
  readonly tags: Ec2Tags;
}

/** An EBS volume made by a launch: the root one, or an empty one. Absent `isKept`: deleted with its instance. */
export interface Ec2DiskInput {
  readonly deviceName: string;
  readonly sizeGb: number;
  readonly volumeType?: string;
  readonly encrypted?: boolean;
  readonly isKept?: boolean;
}

/** A network interface made by a launch, and deleted with its instance. */
export interface Ec2InterfaceInput {
  readonly subnetId: string;
  readonly securityGroupIds?: readonly string[];
  readonly privateIpAddress?: string;
  /** Only where it is the only interface (AWS: RunInstances); absent = as the subnet says. */
  readonly associatePublicIp?: boolean;
}

/** Filters as EC2 names them: `tag:NAME`, `instance-state-name`, `client-token`, … */
export interface DescribeInstancesInput {
  readonly ids?: readonly string[];
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface Ec2Instance {
  readonly instanceId: string;
  /** Number of the account. */
  readonly ownerId?: string;
  readonly state: Ec2StateName;
  /** StateReason's code and message joined; undefined when EC2 gives none. */
  readonly stateReason?: string;
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly launchTime?: string;
  readonly launchIndex: number;
  readonly clientToken?: string;
  readonly rootDeviceName?: string;
  readonly privateIpAddress?: string;
  readonly publicIpAddress?: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly interfaces: readonly Ec2NetworkInterface[];
  readonly tags: Ec2Tags;
  /** EBS volumes in the instance's device mapping; absent where EC2 does not tell. */
  readonly blockDevices?: readonly Ec2BlockDevice[];
  readonly imageId?: string;
  /** Absent for all that is not Windows. */
  readonly platform?: 'windows';
  readonly architecture?: string;
  /** `hvm` or `paravirtual`. */
  readonly virtualizationType?: string;
  readonly enaSupport?: boolean;
  readonly market?: Ec2Market;
  /** Whether the launch allowed hibernation. */
  readonly hibernationConfigured?: boolean;
}

export interface Ec2BlockDevice {
  readonly deviceName: string;
  readonly volumeId: string;
  /** `attaching`, `attached`, `detaching`, `detached`. */
  readonly status: string;
  readonly deleteOnTermination: boolean;
}

export interface Ec2NetworkInterface {
  readonly id: string;
  readonly mac: string;
  readonly subnetId: string;
  readonly privateAddresses: readonly { readonly address: string; readonly publicAddress?: string }[];
  readonly ipv6Addresses: readonly string[];
}

export interface Ec2InstancePage {
  readonly instances: readonly Ec2Instance[];
  readonly nextToken?: string;
}

export interface Ec2ConsoleOutput {
  /** Decoded text. */
  readonly output: string;
  readonly timestamp?: string;
}

export interface Ec2Zone {
  readonly name: string;
  /** The same for the same place in every account, which names are not (AWS: "Availability Zone IDs"). */
  readonly zoneId?: string;
  readonly available: boolean;
}

export interface Ec2InstanceType {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly architectures: readonly string[];
  readonly gpus: number;
  /** FPGAs, inference and media accelerators; such types are taken only when named. Absent = 0. */
  readonly accelerators?: number;
  readonly bareMetal: boolean;
  readonly currentGeneration: boolean;
  readonly burstable: boolean;
  readonly hibernationSupported: boolean;
  readonly usageClasses: readonly string[];
  /** `required`, `supported` or `unsupported`; absent = unknown. */
  readonly enaSupport?: string;
  /** `hvm`, `paravirtual`; absent = unknown. */
  readonly virtualizationTypes?: readonly string[];
  /** Network interfaces it can have; absent = unknown. */
  readonly maxInterfaces?: number;
}

export interface Ec2InstanceTypePage {
  readonly types: readonly Ec2InstanceType[];
  readonly nextToken?: string;
}

export interface Ec2OfferingPage {
  readonly offerings: readonly { readonly instanceType: string; readonly zone: string }[];
  readonly nextToken?: string;
}

export interface Ec2SpotPricePage {
  readonly prices: readonly { readonly instanceType: string; readonly zone: string; readonly usd: number }[];
  readonly nextToken?: string;
}

export interface DescribeImagesInput {
  readonly ids?: readonly string[];
  readonly owners?: readonly string[];
  readonly filters?: Readonly<Record<string, readonly string[]>>;
}

export interface Ec2Image {
  readonly imageId: string;
  readonly name: string;
  readonly architecture: string;
  readonly rootDeviceName: string;
  readonly rootSizeGb: number;
  readonly state: string;
  readonly creationDate: string;
  /** Of all its volumes, where EC2 tells them. */
  readonly snapshots?: readonly { readonly snapshotId: string; readonly sizeGb: number }[];
  readonly tags?: Ec2Tags;
  /** Absent for all that is not Windows. */
  readonly platform?: 'windows';
}

export interface Ec2Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly freeAddresses: number;
  readonly name: string | null;
  /** Whether it has a range of IPv6 addresses; absent = no. */
  readonly hasIpv6?: boolean;
}

export interface Ec2SecurityGroup {
  readonly groupId: string;
  readonly name: string;
  readonly vpcId: string;
  /** Absent: none, as are rules. */
  readonly tags?: Ec2Tags;
  readonly ingress?: readonly Ec2GroupRule[];
  readonly egress?: readonly Ec2GroupRule[];
}

export interface Ec2KeyPair {
  readonly name: string;
  readonly fingerprint: string;
  readonly publicKey?: string;
}

/** A refusal or failure of EC2. `code` is EC2's (`InsufficientInstanceCapacity`, …) or, where no answer came, `NetworkingError`. */
export class Ec2Error extends Error {
  override readonly name = 'Ec2Error';
  constructor(
    readonly code: string,
    message: string,
    readonly httpStatus: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
