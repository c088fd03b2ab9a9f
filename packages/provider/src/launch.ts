import type { SecurityGroup } from './security-groups.js';

/** JSON that can be recorded in a row and read back the same. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The flavor as the parent sent it; units are nova's: MiB of memory, GiB of disk. */
export interface FlavorRequest {
  readonly flavorid: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly rootGb: number;
  readonly ephemeralGb: number;
  readonly swapMb: number;
  readonly extraSpecs: Readonly<Record<string, string>>;
}

/** The image as the parent sent it. `id` is null when the instance boots from a volume. */
export interface ImageRequest {
  readonly id: string | null;
  readonly name: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly minDiskGb: number;
  readonly checksum: string | null;
  /** The vendor's own image, where we know it already (a snapshot of ours); it then goes before everything else. */
  readonly providerImageId: string | null;
}

export interface KeyPairRequest {
  readonly name: string;
  readonly publicKey: string | null;
}

/** The disk that the machine boots from. */
export interface RootDiskRequest {
  /**
   * An image of {@link LaunchRequest.image}, or a volume that exists already: the launched machine waits for
   * {@link ProviderAbilities.bootFromVolume}, and its guest must not see what is meant for the volume's first boot.
   */
  readonly source: 'image' | 'volume';
  /** Null: as the flavor says. */
  readonly sizeGb: number | null;
  /** Whether it outlives the machine. */
  readonly isKept: boolean;
}

/** An empty disk that comes with the machine. */
export interface DiskRequest {
  readonly sizeGb: number;
  /** Whether it outlives the machine. */
  readonly isKept: boolean;
}

/** One instance that is to be built. Facts of networks, images and volumes are resolved before it reaches a provider. */
export interface LaunchRequest {
  /** nova's instance uuid. */
  readonly uuid: string;
  readonly projectId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly hostname: string;
  readonly flavor: FlavorRequest;
  readonly image: ImageRequest;
  readonly keyPair: KeyPairRequest | null;
  /** base64, as nova carries it; null when there is none. */
  readonly userData: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Zone asked for by the user, a name of {@link ProviderShape.zones}; null leaves the choice to the provider. */
  readonly zone: string | null;
  /** Zone of the existing volumes that it is to get: it can run nowhere else. Absent: it gets none. */
  readonly volumesZone?: string;
  /** Zones an operator has disabled (`nova service-disable`): never offered. */
  readonly disabledZones: readonly string[];
  /** Names or ids, as the parent sent them. */
  readonly securityGroups: readonly string[];
  /** Those of them that the network service has, with their rules. Absent: no network service is asked. */
  readonly securityGroupRules?: readonly SecurityGroup[];
  readonly networks: readonly {
    readonly networkId: string | null;
    readonly fixedIp: string | null;
    readonly portId: string | null;
  }[];
  /** Files to write before first boot: path and base64 content. */
  readonly injectedFiles: readonly (readonly [path: string, contents: string])[];
  readonly adminPassword: string | null;
  /** Absent: from the image, as large as the flavor says, gone with the machine. */
  readonly rootDisk?: RootDiskRequest;
  /** Absent: one of the flavor's `ephemeralGb`, where that is not 0. */
  readonly disks?: readonly DiskRequest[];
  /** Absent: the flavor's. */
  readonly swapMb?: number;
  readonly configDrive: boolean;
  /** Free-form hints of `nova boot --hint`, as given. */
  readonly schedulerHints: JsonObject;
  /** Zones of the instances that the hints name, by uuid, as far as the core knows them. */
  readonly zonesOfHinted?: Readonly<Record<string, string>>;
}

/** A place and way to run: on EC2 instance type × zone × market. `key` names it; `parameters` is the provider's own. */
export interface Offering {
  readonly key: string;
  readonly zone: string;
  /** Which of the vendor's accounts it is in; absent where the provider has one, or in its own. */
  readonly account?: string;
  readonly parameters: JsonObject;
}

/** A launch, frozen: recorded as it is before the call, replayed as it is after a crash. */
export interface Launch {
  /** Unique per attempt; at most 64 ASCII characters. */
  readonly token: string;
  readonly offering: Offering;
  /** Instance uuids; position = launch index. */
  readonly members: readonly string[];
  /** The vendor's request, whole. Holds user data, so it must never be logged. */
  readonly parameters: JsonObject;
}
