import type { SecurityGroupRule } from '@burstcell/provider';
import type { Ec2GroupRule } from '../ports/ec2-group-api.js';
import { readCidr } from './cidr.js';
import { ANY, ec2Protocol } from './protocols.js';

/** Where rules are to be: what EC2's counterpart of another group is there, and whether servers there may have IPv6. */
export interface RulesPlace {
  readonly groupIdOf: (remoteGroupId: string) => string;
  readonly hasIpv6: boolean;
}

export interface Ec2Rules {
  readonly ingress: readonly Ec2GroupRule[];
  readonly egress: readonly Ec2GroupRule[];
  /** A sentence for each rule that EC2 cannot express. */
  readonly leftOut: readonly string[];
}

/**
 * The network service's rules in EC2's words. What EC2 cannot say as narrowly is left out and named: a server may be
 * closed to what should reach it, never open to what should not. Pure.
 */
export function toEc2Rules(rules: readonly SecurityGroupRule[], place: RulesPlace): Ec2Rules {
  const judged = rules.map((rule) => ({ rule, became: toEc2Rule(rule, { ...place, rules }) }));
  const of = (direction: SecurityGroupRule['direction']) =>
    unique(judged.flatMap(({ rule, became }) => (typeof became === 'string' || rule.direction !== direction ? [] : [became])));
  const leftOut = judged.flatMap(({ rule, became }) => (typeof became === 'string' ? [`${inWords(rule)}: ${became}`] : []));
  return { ingress: of('ingress'), egress: of('egress'), leftOut };
}

/** By what rules are the same to EC2, whatever their description. */
export function ruleKey({ protocol, fromPort, toPort, source, value, account = '' }: Ec2GroupRule): string {
  return [protocol, fromPort, toPort, source, value, account].join(' ');
}

function unique(rules: readonly Ec2GroupRule[]): readonly Ec2GroupRule[] {
  return [...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()];
}

interface Around extends RulesPlace {
  /** Of the same group. */
  readonly rules: readonly SecurityGroupRule[];
}

/** The rule, or why it is left out. */
function toEc2Rule(rule: SecurityGroupRule, around: Around): Ec2GroupRule | string {
  const family = familyOf(rule);
  if (family === undefined) return `EC2 knows no ethertype ${rule.ethertype}`;
  const protocol = ec2Protocol(rule.protocol, family);
  if (protocol === undefined) return `the protocol ${rule.protocol} is not known`;
  if (protocol === 'icmpv6' && family === 'ipv4') return 'ICMPv6 is no protocol of IPv4';
  const ports = portsOf(rule, protocol);
  if (typeof ports === 'string') return ports;
  const source = sourceOf(rule, { ...around, family, protocol });
  if (typeof source === 'string') return source;
  const description = told(rule.description);
  return { protocol, ...ports, ...source, ...(description === '' ? {} : { description }) };
}

function familyOf({ ethertype }: SecurityGroupRule): 'ipv4' | 'ipv6' | undefined {
  return /^ipv4$/i.test(ethertype) ? 'ipv4' : /^ipv6$/i.test(ethertype) ? 'ipv6' : undefined;
}

type Ports = Pick<Ec2GroupRule, 'fromPort' | 'toPort'>;

const LAST_PORT = 65_535;
const ALL = -1;

function portsOf({ portMin, portMax }: SecurityGroupRule, protocol: string): Ports | string {
  switch (protocol) {
    case 'tcp':
    case 'udp':
      if ((portMin === null) !== (portMax === null)) return 'one end of its port range is missing';
      return { fromPort: portMin ?? 0, toPort: portMax ?? LAST_PORT };
    case 'icmp':
    case 'icmpv6':
      if (portMin === null && portMax !== null) return 'it has an ICMP code without a type';
      return { fromPort: portMin ?? ALL, toPort: portMax ?? ALL };
    default:
      // AWS: AuthorizeSecurityGroupIngress: for other protocols all ports are allowed, whatever ports are given.
      return portMin === null && portMax === null ? { fromPort: ALL, toPort: ALL } : 'EC2 knows ports of TCP and UDP only';
  }
}

type Source = Pick<Ec2GroupRule, 'source' | 'value'>;

interface Judged extends Around {
  readonly family: 'ipv4' | 'ipv6';
  readonly protocol: string;
}

function sourceOf(rule: SecurityGroupRule, judged: Judged): Source | string {
  const { remoteCidr, remoteGroupId, remoteAddressGroupId } = rule;
  const { family } = judged;
  if ([remoteCidr, remoteGroupId, remoteAddressGroupId].filter((remote) => remote !== null).length > 1)
    return 'it names several remotes';
  if (remoteAddressGroupId !== null) return `EC2 has no address groups (${remoteAddressGroupId})`;
  if (remoteGroupId !== null) {
    return whyNotByGroup(rule, judged) ?? { source: 'group', value: judged.groupIdOf(remoteGroupId) };
  }
  if (remoteCidr === null) return { source: family, value: family === 'ipv4' ? '0.0.0.0/0' : '::/0' };
  const cidr = readCidr(remoteCidr);
  return cidr?.family === family ? { source: family, value: cidr.text } : `${remoteCidr} is no range of ${rule.ethertype}`;
}

/** EC2's rule between groups is for both families: one that is meant for one is only as narrow where there is no other. */
function whyNotByGroup(rule: SecurityGroupRule, { rules, family, protocol, hasIpv6 }: Judged): string | undefined {
  if (protocol === 'icmp' || protocol === 'icmpv6') return undefined;
  const hasTwin = rules.some(
    (other) =>
      other.ethertype.toLowerCase() !== rule.ethertype.toLowerCase() &&
      other.direction === rule.direction &&
      other.remoteGroupId === rule.remoteGroupId &&
      ec2Protocol(other.protocol, familyOf(other) ?? family) === protocol &&
      (protocol === ANY || (other.portMin === rule.portMin && other.portMax === rule.portMax)),
  );
  if (hasTwin || (family === 'ipv4' && !hasIpv6)) return undefined;
  return "EC2's rules between groups are for IPv4 and IPv6 alike; add the same rule for the other of them";
}

/** AWS: IpRange, Description: 255 characters of these. */
function told(description: string | null): string {
  return (description ?? '')
    .replaceAll(/[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, '')
    .slice(0, 255)
    .trim();
}

function inWords({ direction, ethertype, protocol, portMin, portMax, ...remote }: SecurityGroupRule): string {
  const ports = portMin === null && portMax === null ? '' : ` ${portMin ?? ''}-${portMax ?? ''}`;
  const { remoteCidr, remoteGroupId, remoteAddressGroupId } = remote;
  const other = remoteCidr ?? remoteGroupId ?? remoteAddressGroupId ?? 'any';
  return `${direction} ${ethertype} ${protocol ?? 'any'}${ports} ${direction === 'ingress' ? 'from' : 'to'} ${other}`;
}
