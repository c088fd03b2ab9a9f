import type { SecurityGroupRule } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { readCidr } from '../src/groups/cidr.js';
import { toEc2Rules } from '../src/groups/group-rules.js';

const PLACE = { groupIdOf: (id: string) => `sg-of-${id}`, hasIpv6: false };

function aRule(changes: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    ...{ direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', portMin: 22, portMax: 22 },
    ...{ remoteCidr: null, remoteGroupId: null, remoteAddressGroupId: null, description: null },
    ...changes,
  };
}

function ingressOf(changes: Partial<SecurityGroupRule>, place = PLACE): string[] {
  const { ingress, leftOut } = toEc2Rules([aRule(changes)], place);
  const shown = ingress.map(({ protocol, fromPort, toPort, source, value }) =>
    [protocol, fromPort, toPort, source, value].join(' '),
  );
  return [...shown, ...leftOut];
}

const NO_PORTS = { portMin: null, portMax: null };

describe('a rule of the network service at EC2', () => {
  it.each<readonly [string, Partial<SecurityGroupRule>, string]>([
    ['is of any address where it names none', {}, 'tcp 22 22 ipv4 0.0.0.0/0'],
    ['is of any IPv6 address', { ethertype: 'IPv6' }, 'tcp 22 22 ipv6 ::/0'],
    ['has its range in the form that EC2 keeps', { remoteCidr: '10.1.2.3/8' }, 'tcp 22 22 ipv4 10.0.0.0/8'],
    ['has its IPv6 range so too', { ethertype: 'IPv6', remoteCidr: '2001:DB8:0::1/64' }, 'tcp 22 22 ipv6 2001:db8::/64'],
    ['may be of one address', { remoteCidr: '192.0.2.7' }, 'tcp 22 22 ipv4 192.0.2.7/32'],
    ['has all ports of TCP where it names none', { ...NO_PORTS }, 'tcp 0 65535 ipv4 0.0.0.0/0'],
    ['has a protocol by its number', { protocol: '17' }, 'udp 22 22 ipv4 0.0.0.0/0'],
    ['has another protocol by its number at EC2', { protocol: 'vrrp', ...NO_PORTS }, '112 -1 -1 ipv4 0.0.0.0/0'],
    ['is of all protocols where it names none', { protocol: null, ...NO_PORTS }, '-1 -1 -1 ipv4 0.0.0.0/0'],
    ['is of all ICMP', { protocol: 'icmp', ...NO_PORTS }, 'icmp -1 -1 ipv4 0.0.0.0/0'],
    ['is of one type of ICMP', { protocol: 'icmp', portMin: 8, portMax: null }, 'icmp 8 -1 ipv4 0.0.0.0/0'],
    ['is of ICMPv6 where it says ICMP of IPv6', { ethertype: 'IPv6', protocol: 'icmp', ...NO_PORTS }, 'icmpv6 -1 -1 ipv6 ::/0'],
    ['is of the members of a group', { remoteGroupId: 'g' }, 'tcp 22 22 group sg-of-g'],
  ])('%s', (_, changes, expected) => {
    expect(ingressOf(changes)).toEqual([expected]);
  });

  it.each<readonly [string, Partial<SecurityGroupRule>, RegExp]>([
    ['of another ethertype', { ethertype: 'ARP' }, /ethertype ARP/],
    ['of an unknown protocol', { protocol: 'warp' }, /protocol warp/],
    ['of ports that EC2 would ignore', { protocol: 'sctp' }, /ports of TCP and UDP only/],
    ['of all protocols with ports', { protocol: null }, /ports of TCP and UDP only/],
    ['of half a range of ports', { portMax: null }, /port range/],
    ['of a code without a type', { protocol: 'icmp', portMin: null, portMax: 1 }, /code without a type/],
    ['of ICMPv6 in IPv4', { protocol: 'icmpv6', ...NO_PORTS }, /no protocol of IPv4/],
    ['of a range of the other family', { remoteCidr: '::/0' }, /no range of IPv4/],
    ['of no range at all', { remoteCidr: '10.0.0.0/33' }, /no range of IPv4/],
    ['of an address group', { remoteAddressGroupId: 'a' }, /no address groups/],
    ['of two remotes', { remoteCidr: '10.0.0.0/8', remoteGroupId: 'g' }, /several remotes/],
  ])('is left out and named: %s', (_, changes, why) => {
    expect(ingressOf(changes)).toEqual([expect.stringMatching(why)]);
  });

  it('between groups is for one family only where there is no other', () => {
    const [four, six] = [aRule({ remoteGroupId: 'g' }), aRule({ remoteGroupId: 'g', ethertype: 'IPv6' })];
    const count = (rules: readonly SecurityGroupRule[], hasIpv6: boolean) => {
      const { ingress, leftOut } = toEc2Rules(rules, { ...PLACE, hasIpv6 });
      return [ingress.length, leftOut.length];
    };

    expect(count([four], false)).toEqual([1, 0]);
    expect(count([four], true)).toEqual([0, 1]);
    expect(count([six], true)).toEqual([0, 1]);
    expect(count([six], false)).toEqual([0, 1]);
    expect(count([four, six], true)).toEqual([1, 0]);
    expect(count([four, { ...six, direction: 'egress' }], true)).toEqual([0, 2]);
    expect(count([four, { ...six, portMax: 23 }], true)).toEqual([0, 2]);
  });

  it('counts once where two say the same, and keeps directions apart', () => {
    const rules = [aRule(), aRule({ remoteCidr: '0.0.0.0/0' }), aRule({ direction: 'egress' })];
    const { ingress, egress } = toEc2Rules(rules, PLACE);

    expect([ingress.length, egress.length]).toEqual([1, 1]);
  });

  it('keeps of its description what EC2 takes', () => {
    const { ingress } = toEc2Rules([aRule({ description: 'office <Köln>' })], PLACE);

    expect(ingress[0]?.description).toBe('office Kln');
  });
});

describe('a range', () => {
  it.each([
    ['::ffff:192.0.2.1/128', '::ffff:c000:201/128'],
    ['::1', '::1/128'],
    ['fe80::/10', 'fe80::/10'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['203.0.113.255/25', '203.0.113.128/25'],
  ])('%s is %s', (given, shown) => {
    expect(readCidr(given)?.text).toBe(shown);
  });

  it.each(['', '10.0.0.0/x', '10.0.0/8', '::/129', '10.0.0.0/8/8', 'fe80::1%eth0', '10.0.0.0/'])('%s is none', (given) => {
    expect(readCidr(given)).toBeUndefined();
  });
});
