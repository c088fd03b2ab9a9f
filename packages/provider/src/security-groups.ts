import type { LaunchRequest } from './launch.js';
import type { CallOptions } from './provider.js';

/** A rule as the network service has it, in its own words (neutron's API: "Security group rules"). */
export interface SecurityGroupRule {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: string;
  /** A name such as `tcp`, or a number; null = any. */
  readonly protocol: string | null;
  /** First port; of ICMP the type. Null = any. */
  readonly portMin: number | null;
  /** Last port; of ICMP the code. Null = any. */
  readonly portMax: number | null;
  /** From or to which addresses; null, and no other remote = any of the ethertype. */
  readonly remoteCidr: string | null;
  /** From or to the members of that group. */
  readonly remoteGroupId: string | null;
  /** From or to the addresses of that address group. */
  readonly remoteAddressGroupId: string | null;
  readonly description: string | null;
}

/** A security group of the network service, with all its rules. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly SecurityGroupRule[];
}

/** What the network service has of these groups now; groups missing in the answer are there no more. */
export type ReadSecurityGroups = (ids: readonly string[]) => Promise<readonly SecurityGroup[]>;

/** What a pass over all groups came to. */
export interface SecurityGroupSync {
  /** Groups of this cell at the vendor. */
  readonly groups: number;
  /** Of these, brought to other rules. */
  readonly changed: number;
  /** Of these, deleted: the network service has them no more, and nothing uses them. */
  readonly deleted: number;
  /** Of these, left as they are: the vendor refused or did not answer. */
  readonly failed: number;
}

/** Security groups that follow the network service: only the core of a cell that has one calls these. */
export interface SecurityGroupAbilities {
  /**
   * Before {@link Provider.offerings}: sees to it that the vendor has each group of `securityGroupRules`, with those rules
   * and no others, wherever the request could run. Adds before it takes away. Replicas may do so at once, and it may be
   * repeated. What the vendor cannot express is left out, never widened. `not-found` for a group of the request that is
   * neither among the rules nor known to the provider by itself, `quota` when the vendor takes no more groups or rules.
   */
  prepareSecurityGroups?(request: LaunchRequest, options?: CallOptions): Promise<void>;
  /**
   * Brings all groups made by {@link prepareSecurityGroups} to what `read` has of them. Those that it has no more are
   * deleted once nothing uses them and some time has passed. One group that fails keeps no other from being brought along;
   * rejects when the vendor cannot be asked, or with what `read` rejects with: nothing was changed then of what could not be
   * asked for. Repeat-safe.
   */
  syncSecurityGroups?(read: ReadSecurityGroups, options?: CallOptions): Promise<SecurityGroupSync>;
}
