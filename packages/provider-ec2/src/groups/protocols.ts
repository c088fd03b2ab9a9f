/** EC2's word for all protocols. */
export const ANY = '-1';

/**
 * neutron's names (api-ref "Security group rules": protocol) → EC2's, which has names for four and numbers for the others
 * (AWS: IpPermission, IpProtocol).
 */
const NAMES: Readonly<Record<string, string>> = {
  ...{ any: ANY, '0': ANY, tcp: 'tcp', '6': 'tcp', udp: 'udp', '17': 'udp', icmp: 'icmp', '1': 'icmp' },
  ...{ icmpv6: 'icmpv6', 'ipv6-icmp': 'icmpv6', icmp6: 'icmpv6', '58': 'icmpv6' },
  ...{ ah: '51', dccp: '33', egp: '8', esp: '50', gre: '47', igmp: '2', ipip: '4', ospf: '89', pgm: '113', rsvp: '46' },
  ...{ sctp: '132', udplite: '136', vrrp: '112', 'ipv6-encap': '41', 'ipv6-frag': '44', 'ipv6-nonxt': '59' },
  ...{ 'ipv6-opts': '60', 'ipv6-route': '43' },
};

/** EC2's protocol for one of neutron's; undefined for a word that is not known. neutron takes icmp of IPv6 for icmpv6. */
export function ec2Protocol(protocol: string | null, family: 'ipv4' | 'ipv6'): string | undefined {
  const asked = protocol === null ? 'any' : protocol.toLowerCase();
  const named = Object.hasOwn(NAMES, asked) ? NAMES[asked] : numbered(asked);
  return named === 'icmp' && family === 'ipv6' ? 'icmpv6' : named;
}

function numbered(asked: string): string | undefined {
  return /^\d{1,3}$/.test(asked) && Number(asked) <= 255 ? String(Number(asked)) : undefined;
}
