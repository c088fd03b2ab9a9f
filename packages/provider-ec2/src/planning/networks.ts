import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { Ec2Subnet } from '../ports/ec2-api.js';
import { lookup } from './lookup.js';
import { isInCidr } from './subnets.js';

type Network = LaunchRequest['networks'][number];

export interface NetworkSettings {
  /** Subnets by the id of the parent's network. */
  readonly networkMap: Readonly<Record<string, readonly string[]>>;
}

/** An interface that a request asks for. */
export interface WantedNic {
  /** The parent's network; null where it makes no difference. */
  readonly networkId: string | null;
  /** Subnets it may lie in; null = any of the cell's own. */
  readonly subnetIds: readonly string[] | null;
  readonly fixedIp: string | undefined;
}

/**
 * The interfaces of a request, the first at least. Where no networks are mapped there is one, whatever networks
 * were asked for; where some are, each network of the request is one. Throws `invalid` for a network that is not
 * mapped, `unsupported` for several fixed addresses on one interface. Pure.
 */
export function wantedNics({ networks }: LaunchRequest, { networkMap }: NetworkSettings): readonly [WantedNic, ...WantedNic[]] {
  const [first, ...others] = networks;
  if (first === undefined || Object.keys(networkMap).length === 0) return [unmappedNic(networks)];
  return [mappedNic(first, networkMap), ...others.map((network) => mappedNic(network, networkMap))];
}

/** Whether the networks of a request are looked at only for a fixed address. */
export function ignoresNetworks({ networks }: LaunchRequest, { networkMap }: NetworkSettings): boolean {
  return Object.keys(networkMap).length === 0 && networks.some(({ networkId, portId }) => (networkId ?? portId) !== null);
}

function unmappedNic(networks: readonly Network[]): WantedNic {
  const [fixedIp, second] = networks.flatMap((network) => network.fixedIp ?? []);
  if (second === undefined) return { networkId: null, subnetIds: null, fixedIp };
  throw new ProviderError('unsupported', 'several fixed addresses and no network_map', {
    subject: 'network',
    userMessage: 'Servers have one network interface in this cloud; ask for at most one fixed address.',
  });
}

function mappedNic({ networkId, fixedIp }: Network, networkMap: NetworkSettings['networkMap']): WantedNic {
  const subnetIds = networkId === null ? null : lookup(networkMap, networkId);
  if (subnetIds !== undefined) return { networkId, subnetIds, fixedIp: fixedIp ?? undefined };
  throw new ProviderError('invalid', `network ${networkId} is mapped to no subnet`, {
    subject: 'network',
    userMessage: `Network ${String(networkId).slice(0, 40)} has no counterpart in this cloud; use another or ask your cloud operator to map it.`,
  });
}

/** A subnet where the first interface may lie, with those of the others; `why` says what speaks against it. */
export interface Site {
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly moreSubnetIds: readonly string[];
  readonly why: string | null;
}

export interface KnownSubnets {
  readonly placements: readonly Ec2Subnet[];
  readonly mapped: readonly Ec2Subnet[];
}

/**
 * Every subnet that the first interface could lie in, best first, with the subnets of the others: one zone and
 * one VPC for all. Throws `invalid` when a fixed address lies in none of its network's subnets.
 */
export function sitesFor(nics: readonly [WantedNic, ...WantedNic[]], known: KnownSubnets): readonly Site[] {
  const [first, ...others] = nics.map((nic) => ({ nic, subnets: subnetsOf(nic, known) }));
  if (first === undefined) return [];
  for (const { nic, subnets } of [first, ...others]) checkFixedIp(nic, subnets);
  return first.subnets.map((subnet) => siteAt(subnet, first.nic, others));
}

interface NicSubnets {
  readonly nic: WantedNic;
  readonly subnets: readonly Ec2Subnet[];
}

function subnetsOf({ subnetIds }: WantedNic, { placements, mapped }: KnownSubnets): readonly Ec2Subnet[] {
  return subnetIds === null ? placements : mapped.filter(({ subnetId }) => subnetIds.includes(subnetId));
}

function siteAt(subnet: Ec2Subnet, nic: WantedNic, others: readonly NicSubnets[]): Site {
  const more = others.map((other) => ({ other, at: neighbourOf(subnet, other) }));
  const homeless = more.find(({ at }) => at === undefined);
  return {
    zone: subnet.zone,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    moreSubnetIds: more.flatMap(({ at }) => at?.subnetId ?? []),
    why: whyNot(subnet, nic) ?? (homeless ? `network ${homeless.other.nic.networkId} has no subnet beside it` : null),
  };
}

/** The roomiest subnet of another interface in the same zone and VPC (AWS: interfaces of an instance lie in one zone). */
function neighbourOf({ zone, vpcId }: Ec2Subnet, { nic, subnets }: NicSubnets): Ec2Subnet | undefined {
  return subnets.find((subnet) => subnet.zone === zone && subnet.vpcId === vpcId && whyNot(subnet, nic) === null);
}

function whyNot({ cidr }: Ec2Subnet, { fixedIp }: WantedNic): string | null {
  return fixedIp === undefined || isInCidr(fixedIp, cidr) ? null : `the address ${fixedIp} lies in another subnet`;
}

function checkFixedIp(nic: WantedNic, subnets: readonly Ec2Subnet[]): void {
  const { fixedIp } = nic;
  if (fixedIp === undefined || subnets.some((subnet) => whyNot(subnet, nic) === null)) return;
  throw new ProviderError('invalid', `address ${fixedIp} lies in no subnet`, {
    subject: 'network',
    userMessage: `The address ${fixedIp.slice(0, 45)} lies in no subnet of ${nic.networkId === null ? 'this cloud' : 'its network'}; choose another or none.`,
  });
}
