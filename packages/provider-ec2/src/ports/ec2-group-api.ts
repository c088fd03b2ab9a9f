import type { Ec2CallOptions, Ec2Tags } from './ec2-api.js';

/** EC2's calls on security groups and their rules. */
export interface Ec2GroupApi {
  /** Has no client token; a second group of that name in the VPC is `InvalidGroup.Duplicate`. */
  createSecurityGroup(input: CreateSecurityGroupInput, options?: Ec2CallOptions): Promise<{ readonly groupId: string }>;
  /** `InvalidGroup.NotFound` for an unknown one, `DependencyViolation` for one that an interface or another group's rule uses. */
  deleteSecurityGroup(groupId: string, options?: Ec2CallOptions): Promise<void>;
  /** All or none: one rule that is there already refuses them all (`InvalidPermission.Duplicate`). */
  authorizeSecurityGroupIngress(input: GroupRulesInput, options?: Ec2CallOptions): Promise<void>;
  authorizeSecurityGroupEgress(input: GroupRulesInput, options?: Ec2CallOptions): Promise<void>;
  /** By exact rule, whatever its description. One that is not there may be `InvalidPermission.NotFound`, or ignored. */
  revokeSecurityGroupIngress(input: GroupRulesInput, options?: Ec2CallOptions): Promise<void>;
  revokeSecurityGroupEgress(input: GroupRulesInput, options?: Ec2CallOptions): Promise<void>;
}

export interface CreateSecurityGroupInput {
  readonly name: string;
  /** Cannot be changed later. */
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Ec2Tags;
}

export interface GroupRulesInput {
  readonly groupId: string;
  readonly rules: readonly Ec2GroupRule[];
}

/** What a rule is about: a range of addresses, a prefix list, or the members of a group. */
export type Ec2RuleSource = 'ipv4' | 'ipv6' | 'prefix-list' | 'group';

/** One rule of one source, as EC2 counts them; IpPermissions hold several of these together. */
export interface Ec2GroupRule {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all. */
  readonly protocol: string;
  /** First port; of ICMP the type. -1 = all, and so where the protocol has no ports. */
  readonly fromPort: number;
  /** Last port; of ICMP the code. */
  readonly toPort: number;
  readonly source: Ec2RuleSource;
  /** CIDR, or the id of the prefix list or group. */
  readonly value: string;
  /** Account of a group that is not of this one. */
  readonly account?: string;
  readonly description?: string;
}
