import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import type { CreateSecurityGroupInput, Ec2GroupRule, GroupRulesInput } from '../ports/ec2-group-api.js';
import { ec2Failure } from './failures.js';
import type { Region } from './region.js';
import { checkTags } from './tag-checks.js';

/** AWS: "Amazon VPC quotas", Security groups: per direction, and per network interface. */
export const RULES_PER_GROUP = 60;
export const GROUPS_PER_INTERFACE = 5;
/** AWS: CreateSecurityGroup and IpRange: what names and descriptions are made of. */
const ALLOWED = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

type Direction = 'ingress' | 'egress';

interface Parts {
  readonly region: Region;
  readonly newId: () => string;
  /** Ids of the groups that instances have which are not terminated. */
  readonly inUse: () => ReadonlySet<string>;
}

/** The account's security groups with their rules: those of the region, and those that were made. */
export class SecurityGroups {
  readonly #groups: Ec2SecurityGroup[];

  constructor(private readonly parts: Parts) {
    this.#groups = [...parts.region.securityGroups];
  }

  all(): readonly Ec2SecurityGroup[] {
    return this.#groups;
  }

  /** Throws InvalidGroup.NotFound. */
  require(groupId: string): Ec2SecurityGroup {
    const group = this.#groups.find((each) => each.groupId === groupId);
    if (group === undefined) throw ec2Failure('InvalidGroup.NotFound', `The security group '${groupId}' does not exist`);
    return group;
  }

  /** With the rule that EC2 gives each new group: everything out. Throws InvalidGroup.Duplicate. */
  create({ name, description, vpcId, tags }: CreateSecurityGroupInput): { readonly groupId: string } {
    checkTags(tags);
    for (const text of [name, description]) if (!ALLOWED.test(text)) throw badText(text);
    if (this.#groups.some((each) => each.vpcId === vpcId && each.name === name)) {
      throw ec2Failure('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
    }
    const groupId = this.parts.newId();
    this.#groups.push({ groupId, name, vpcId, tags, ingress: [], egress: [EVERYTHING] });
    return { groupId };
  }

  /** Throws InvalidGroup.NotFound and DependencyViolation. */
  delete(groupId: string): void {
    const group = this.require(groupId);
    const isNamed = this.#groups.some((each) => each !== group && rulesOf(each).some(({ value }) => value === groupId));
    if (isNamed || this.parts.inUse().has(groupId)) {
      throw ec2Failure('DependencyViolation', `resource ${groupId} has a dependent object`);
    }
    this.#groups.splice(this.#groups.indexOf(group), 1);
  }

  /** All or none. Throws InvalidPermission.Duplicate, RulesPerSecurityGroupLimitExceeded and InvalidGroup.NotFound. */
  authorize({ groupId, rules }: GroupRulesInput, direction: Direction): void {
    const group = this.require(groupId);
    const before = group[direction] ?? [];
    for (const rule of rules) this.#judge(rule, before);
    const after = [...before, ...rules];
    if (Math.max(counted(after, 'ipv6'), counted(after, 'ipv4')) > RULES_PER_GROUP) {
      throw ec2Failure('RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules per security group has been reached.');
    }
    this.#replace(group, { [direction]: after });
  }

  /** One that is not there refuses them all. Throws InvalidPermission.NotFound. */
  revoke({ groupId, rules }: GroupRulesInput, direction: Direction): void {
    const group = this.require(groupId);
    const before = group[direction] ?? [];
    for (const rule of rules) {
      if (before.some((each) => isSame(each, rule))) continue;
      throw ec2Failure('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    }
    this.#replace(group, { [direction]: before.filter((each) => !rules.some((rule) => isSame(each, rule))) });
  }

  #judge(rule: Ec2GroupRule, before: readonly Ec2GroupRule[]): void {
    if (rule.source === 'group') this.require(rule.value);
    if (rule.description !== undefined && !ALLOWED.test(rule.description)) throw badText(rule.description);
    if (before.some((each) => isSame(each, rule))) {
      const { protocol, fromPort, toPort, value } = rule;
      throw ec2Failure(
        'InvalidPermission.Duplicate',
        `the specified rule "peer: ${value}, ${protocol}, from port: ${fromPort}, to port: ${toPort}, ALLOW" already exists`,
      );
    }
  }

  #replace(group: Ec2SecurityGroup, change: Partial<Ec2SecurityGroup>): void {
    this.#groups[this.#groups.indexOf(group)] = { ...group, ...change };
  }
}

const EVERYTHING: Ec2GroupRule = { protocol: '-1', fromPort: -1, toPort: -1, source: 'ipv4', value: '0.0.0.0/0' };

function rulesOf({ ingress = [], egress = [] }: Ec2SecurityGroup): readonly Ec2GroupRule[] {
  return [...ingress, ...egress];
}

/** AWS counts IPv4 and IPv6 each by itself, and a group for both ("Amazon VPC quotas"). */
function counted(rules: readonly Ec2GroupRule[], family: 'ipv4' | 'ipv6'): number {
  return rules.filter(({ source }) => source === family || source === 'group' || source === 'prefix-list').length;
}

function isSame(one: Ec2GroupRule, other: Ec2GroupRule): boolean {
  const key = ({ protocol, fromPort, toPort, source, value }: Ec2GroupRule) => [protocol, fromPort, toPort, source, value].join();
  return key(one) === key(other);
}

function badText(text: string) {
  return ec2Failure('InvalidParameterValue', `Invalid security group name or description: ${text}`);
}
