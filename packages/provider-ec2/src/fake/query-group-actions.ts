import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import type { Ec2GroupRule, GroupRulesInput } from '../ports/ec2-group-api.js';
import type { FakeEc2 } from './fake-ec2.js';
import { type Query, readFilters, readTags } from './query.js';
import type { XmlTree } from './xml.js';
import { tagSet } from './xml-views.js';

type Action = (fake: FakeEc2, query: Query) => Promise<XmlTree>;

const DONE: XmlTree = { return: true };

/** The Query actions on security groups. */
export const groupActions: Readonly<Record<string, Action>> = {
  async DescribeSecurityGroups(fake, query) {
    const groups = await fake.describeSecurityGroups({ filters: readFilters(query) });
    return { securityGroupInfo: groups.map(groupXml) };
  },
  async CreateSecurityGroup(fake, query) {
    const { groupId } = await fake.createSecurityGroup({
      name: query.require('GroupName'),
      description: query.require('GroupDescription'),
      vpcId: query.require('VpcId'),
      tags: readTags(query, 'security-group'),
    });
    return { return: true, groupId };
  },
  async DeleteSecurityGroup(fake, query) {
    await fake.deleteSecurityGroup(query.require('GroupId'));
    return DONE;
  },
  async AuthorizeSecurityGroupIngress(fake, query) {
    await fake.authorizeSecurityGroupIngress(rulesOf(query));
    return DONE;
  },
  async AuthorizeSecurityGroupEgress(fake, query) {
    await fake.authorizeSecurityGroupEgress(rulesOf(query));
    return DONE;
  },
  async RevokeSecurityGroupIngress(fake, query) {
    await fake.revokeSecurityGroupIngress(rulesOf(query));
    return DONE;
  },
  async RevokeSecurityGroupEgress(fake, query) {
    await fake.revokeSecurityGroupEgress(rulesOf(query));
    return DONE;
  },
};

function rulesOf(query: Query): GroupRulesInput {
  return { groupId: query.require('GroupId'), rules: query.structures('IpPermissions').flatMap(permission) };
}

/** Where each kind of source stands in a permission, and what its value is called. */
const SOURCES = [
  { list: 'IpRanges', name: 'CidrIp', source: 'ipv4' },
  { list: 'Ipv6Ranges', name: 'CidrIpv6', source: 'ipv6' },
  { list: 'PrefixListIds', name: 'PrefixListId', source: 'prefix-list' },
  { list: 'Groups', name: 'GroupId', source: 'group' },
] as const;

function permission(query: Query): readonly Ec2GroupRule[] {
  const [protocol, fromPort, toPort] = [
    query.require('IpProtocol'),
    query.get('FromPort') ?? '-1',
    query.get('ToPort') ?? '-1',
  ] as const;
  return SOURCES.flatMap(({ list, name, source }) =>
    query.structures(list).map((each) => {
      const description = each.get('Description');
      return {
        ...{ protocol, fromPort: Number(fromPort), toPort: Number(toPort), source, value: each.require(name) },
        ...(description === undefined ? {} : { description }),
      };
    }),
  );
}

function groupXml({ groupId, name, vpcId, tags = {}, ingress = [], egress = [] }: Ec2SecurityGroup): XmlTree {
  return {
    ...{ groupId, groupName: name, vpcId, tagSet: tagSet(tags) },
    ipPermissions: ingress.map(permissionXml),
    ipPermissionsEgress: egress.map(permissionXml),
  };
}

function permissionXml({ protocol, fromPort, toPort, source, value, description }: Ec2GroupRule): XmlTree {
  const hasPorts = ['tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol);
  return {
    ipProtocol: protocol,
    ...(hasPorts ? { fromPort, toPort } : {}),
    ipRanges: source === 'ipv4' ? [{ cidrIp: value, description }] : [],
    ipv6Ranges: source === 'ipv6' ? [{ cidrIpv6: value, description }] : [],
    prefixListIds: source === 'prefix-list' ? [{ prefixListId: value, description }] : [],
    groups: source === 'group' ? [{ groupId: value, description }] : [],
  };
}
