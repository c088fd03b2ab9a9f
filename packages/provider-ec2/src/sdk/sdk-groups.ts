import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import type { Ec2GroupApi, Ec2GroupRule, GroupRulesInput } from '../ports/ec2-group-api.js';
import { toSdkTags } from './sdk-run-instances.js';
import { send } from './sdk-send.js';

/** {@link Ec2GroupApi} on the AWS SDK. */
export function groupCalls(client: EC2Client): Ec2GroupApi {
  return {
    async createSecurityGroup({ name, description, vpcId, tags }, options) {
      const command = new CreateSecurityGroupCommand({
        GroupName: name,
        Description: description,
        VpcId: vpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: toSdkTags(tags) }],
      });
      const { GroupId } = await send(options, (http) => client.send(command, http));
      return { groupId: GroupId ?? '' };
    },
    async deleteSecurityGroup(groupId, options) {
      await send(options, (http) => client.send(new DeleteSecurityGroupCommand({ GroupId: groupId }), http));
    },
    async authorizeSecurityGroupIngress(input, options) {
      await send(options, (http) => client.send(new AuthorizeSecurityGroupIngressCommand(toPermissions(input)), http));
    },
    async authorizeSecurityGroupEgress(input, options) {
      await send(options, (http) => client.send(new AuthorizeSecurityGroupEgressCommand(toPermissions(input)), http));
    },
    async revokeSecurityGroupIngress(input, options) {
      await send(options, (http) => client.send(new RevokeSecurityGroupIngressCommand(toPermissions(input)), http));
    },
    async revokeSecurityGroupEgress(input, options) {
      await send(options, (http) => client.send(new RevokeSecurityGroupEgressCommand(toPermissions(input)), http));
    },
  };
}

function toPermissions({ groupId, rules }: GroupRulesInput): { GroupId: string; IpPermissions: IpPermission[] } {
  return { GroupId: groupId, IpPermissions: rules.map(toPermission) };
}

function toPermission(rule: Ec2GroupRule): IpPermission {
  const { protocol, fromPort, toPort } = rule;
  const hasPorts = PORTED.has(protocol);
  return { IpProtocol: protocol, ...(hasPorts ? { FromPort: fromPort, ToPort: toPort } : {}), ...toSource(rule) };
}

function toSource({ source, value, account, description }: Ec2GroupRule): Partial<IpPermission> {
  const told = description === undefined ? {} : { Description: description };
  switch (source) {
    case 'ipv4':
      return { IpRanges: [{ CidrIp: value, ...told }] };
    case 'ipv6':
      return { Ipv6Ranges: [{ CidrIpv6: value, ...told }] };
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: value, ...told }] };
    case 'group':
      return { UserIdGroupPairs: [{ GroupId: value, ...(account === undefined ? {} : { UserId: account }), ...told }] };
    default:
      return source satisfies never;
  }
}

/** AWS: "for other protocols all ports are allowed, regardless of any ports you specify" (AuthorizeSecurityGroupIngress). */
const PORTED: ReadonlySet<string> = new Set(['tcp', 'udp', 'icmp', 'icmpv6']);
const ALL = -1;

export function toSecurityGroup(from: SecurityGroup): Ec2SecurityGroup {
  return {
    ...{ groupId: from.GroupId ?? '', name: from.GroupName ?? '', vpcId: from.VpcId ?? '' },
    tags: Object.fromEntries((from.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    ingress: (from.IpPermissions ?? []).flatMap((permission) => toRules(permission, from.OwnerId)),
    egress: (from.IpPermissionsEgress ?? []).flatMap((permission) => toRules(permission, from.OwnerId)),
  };
}

function toRules(permission: IpPermission, ownerId: string | undefined): readonly Ec2GroupRule[] {
  const protocol = permission.IpProtocol ?? '-1';
  const hasPorts = PORTED.has(protocol);
  const common = {
    protocol,
    fromPort: hasPorts ? (permission.FromPort ?? ALL) : ALL,
    toPort: hasPorts ? (permission.ToPort ?? ALL) : ALL,
  };
  const rule = (source: Ec2GroupRule['source'], value: string | undefined, description: string | undefined): Ec2GroupRule => ({
    ...{ ...common, source, value: value ?? '' },
    ...(description === undefined ? {} : { description }),
  });
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => rule('ipv4', CidrIp, Description)),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => rule('ipv6', CidrIpv6, Description)),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => rule('prefix-list', PrefixListId, Description)),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, UserId, Description }) => ({
      ...rule('group', GroupId, Description),
      ...(UserId === undefined || UserId === ownerId ? {} : { account: UserId }),
    })),
  ];
}
