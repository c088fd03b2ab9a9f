import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEc2, startFakeServer } from '../src/fake/index.js';
import type { Ec2GroupRule } from '../src/ports/ec2-group-api.js';
import { aSdkApi } from './conformance/fake-setup.js';

const VPC = 'vpc-1';
const made = { description: 'a group', vpcId: VPC, tags: { 'burstcell:cell': 'ec2', who: 'a <b> & "c"' } };

/** One of each kind of source, and of each kind of ports. */
const rulesFrom = (groupId: string): readonly Ec2GroupRule[] => [
  { protocol: 'tcp', fromPort: 22, toPort: 80, source: 'ipv4', value: '203.0.113.0/24', description: 'office' },
  { protocol: 'icmpv6', fromPort: 128, toPort: -1, source: 'ipv6', value: '2001:db8::/32' },
  { protocol: '-1', fromPort: -1, toPort: -1, source: 'group', value: groupId },
  { protocol: '47', fromPort: -1, toPort: -1, source: 'prefix-list', value: 'pl-1' },
];

describe('security groups over the SDK', () => {
  let fake: FakeEc2;
  let close: () => Promise<void>;
  let api: ReturnType<typeof aSdkApi>;

  beforeEach(async () => {
    fake = new FakeEc2();
    const server = await startFakeServer({ fake });
    api = aSdkApi(server.url);
    close = async () => {
      api.close();
      await server.close();
    };
  });
  afterEach(() => close());

  const only = async (groupId: string) => (await api.describeSecurityGroups({ filters: { 'group-id': [groupId] } }))[0];

  it('are made with their tags and the rule that EC2 gives, and told twice by their name', async () => {
    const { groupId } = await api.createSecurityGroup({ name: 'web', ...made });

    expect(await only(groupId)).toEqual({
      ...{ groupId, name: 'web', vpcId: VPC, tags: made.tags, ingress: [] },
      egress: [{ protocol: '-1', fromPort: -1, toPort: -1, source: 'ipv4', value: '0.0.0.0/0' }],
    });
    expect(await api.describeSecurityGroups({ filters: { 'tag:burstcell:cell': ['ec2'] } })).toHaveLength(1);
    await expect(api.createSecurityGroup({ name: 'web', ...made })).rejects.toMatchObject({ code: 'InvalidGroup.Duplicate' });
  });

  it('have rules of every source added and taken away, in each direction', async () => {
    const { groupId } = await api.createSecurityGroup({ name: 'web', ...made });
    const rules = rulesFrom(groupId);
    const [everything] = (await only(groupId))?.egress ?? [];
    await api.authorizeSecurityGroupIngress({ groupId, rules });
    await api.authorizeSecurityGroupEgress({ groupId, rules: rules.slice(0, 1) });

    expect(await only(groupId)).toMatchObject({ ingress: rules, egress: [everything, rules[0]] });
    await expect(api.authorizeSecurityGroupIngress({ groupId, rules })).rejects.toMatchObject({
      code: 'InvalidPermission.Duplicate',
    });

    await api.revokeSecurityGroupIngress({ groupId, rules: rules.slice(1) });
    await api.revokeSecurityGroupEgress({ groupId, rules: everything === undefined ? [] : [everything] });

    expect(await only(groupId)).toMatchObject({ ingress: [rules[0]], egress: [rules[0]] });
    const gone = api.revokeSecurityGroupIngress({ groupId, rules: rules.slice(1, 2) });
    await expect(gone).rejects.toMatchObject({ code: 'InvalidPermission.NotFound' });
  });

  it('go once no other names them', async () => {
    const [one, other] = [
      await api.createSecurityGroup({ name: 'a', ...made }),
      await api.createSecurityGroup({ name: 'b', ...made }),
    ];
    const rules = rulesFrom(one.groupId).slice(2, 3);
    await api.authorizeSecurityGroupIngress({ groupId: other.groupId, rules });

    await expect(api.deleteSecurityGroup(one.groupId)).rejects.toMatchObject({ code: 'DependencyViolation' });
    await api.revokeSecurityGroupIngress({ groupId: other.groupId, rules });
    await api.deleteSecurityGroup(one.groupId);

    expect(await only(one.groupId)).toBeUndefined();
    await expect(api.deleteSecurityGroup(one.groupId)).rejects.toMatchObject({ code: 'InvalidGroup.NotFound' });
  });
});
