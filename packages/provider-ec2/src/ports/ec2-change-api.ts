import type { Ec2CallOptions, Ec2Tags } from './ec2-api.js';

/** EC2's calls that change an instance that exists, and what tells whether it is well. */
export interface Ec2ChangeApi {
  /** One attribute a call; type and user data only while the instance is stopped (AWS: ModifyInstanceAttribute). */
  modifyInstanceAttribute(id: string, change: Ec2AttributeChange, options?: Ec2CallOptions): Promise<void>;
  /** Adds or overwrites; all resources get the same tags. Repeat-safe. */
  createTags(resourceIds: readonly string[], tags: Ec2Tags, options?: Ec2CallOptions): Promise<void>;
  /** Whatever their values; a key that is not there is no error. */
  deleteTags(resourceIds: readonly string[], keys: readonly string[], options?: Ec2CallOptions): Promise<void>;
  /** `count` more private IPv4 addresses of EC2's choice. Has no client token: a repeat assigns once more. */
  assignPrivateIpAddresses(
    input: { readonly networkInterfaceId: string; readonly count: number },
    options?: Ec2CallOptions,
  ): Promise<void>;
  /** Secondary addresses only. */
  unassignPrivateIpAddresses(
    input: { readonly networkInterfaceId: string; readonly addresses: readonly string[] },
    options?: Ec2CallOptions,
  ): Promise<void>;
  /** Running instances only. */
  describeInstanceStatus(ids: readonly string[], options?: Ec2CallOptions): Promise<readonly Ec2InstanceStatus[]>;
}

export type Ec2AttributeChange =
  | { readonly instanceType: string }
  | { readonly disableApiTermination: boolean }
  /** base64; only while the instance is stopped (AWS: "Work with instance user data"). */
  | { readonly userData: string }
  | {
      readonly blockDevice: { readonly deviceName: string; readonly volumeId: string; readonly deleteOnTermination: boolean };
    };

export interface Ec2InstanceStatus {
  readonly instanceId: string;
  /** `ok`, `impaired`, `initializing`, `insufficient-data`, `not-applicable`. */
  readonly instanceStatus: string;
  readonly systemStatus: string;
}
