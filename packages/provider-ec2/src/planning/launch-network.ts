import type { LaunchRequest } from '@burstcell/provider';
import type { Ec2InterfaceInput, RunInstancesInput } from '../ports/ec2-api.js';
import type { Ec2ProviderConfig } from '../settings/config.js';
import { readHints } from './hints.js';
import { lookup } from './lookup.js';
import { wantedNics } from './networks.js';
import type { OfferingParameters } from './offering-parameters.js';
import { mappedGroups } from './security-groups.js';

type Network = Pick<RunInstancesInput, 'subnetId' | 'securityGroupIds' | 'privateIpAddress' | 'interfaces'>;

/** Interfaces are spelled out only where there are several, or a public address is a matter of policy. */
export function networkOf(config: Ec2ProviderConfig, request: LaunchRequest, offering: OfferingParameters): Network {
  const { subnetId, moreSubnetIds } = offering;
  const groups = securityGroups(config, request, offering);
  const nics = wantedNics(request, config);
  const interfaces = [subnetId, ...moreSubnetIds].map((id, at) => toInterface(id, groups, nics[at]?.fixedIp));
  const [first, ...others] = interfaces;
  if (others.length > 0) return { interfaces };
  if (config.publicAddress === 'subnet') return { ...first, subnetId };
  return { interfaces: [{ ...first, subnetId, associatePublicIp: config.publicAddress === 'always' }] };
}

function toInterface(subnetId: string, groups: readonly string[], fixedIp: string | undefined): Ec2InterfaceInput {
  return {
    subnetId,
    ...(groups.length === 0 ? {} : { securityGroupIds: groups }),
    ...(fixedIp === undefined ? {} : { privateIpAddress: fixedIp }),
  };
}

function securityGroups(config: Ec2ProviderConfig, request: LaunchRequest, offering: OfferingParameters): readonly string[] {
  return [...new Set([...config.securityGroupIds, ...mappedGroups(request, config), ...offering.securityGroupIds])];
}

/** The placement group that stands for the server group of the request's hint. */
export function placementOf(config: Ec2ProviderConfig, request: LaunchRequest): Pick<RunInstancesInput, 'placementGroup'> {
  const placementGroup = lookup(config.placementGroupMap, readHints(request, config).group);
  return placementGroup === undefined ? {} : { placementGroup };
}

/** An address can be had by one machine only. */
export function hasFixedIp({ privateIpAddress, interfaces = [] }: Network): boolean {
  return privateIpAddress !== undefined || interfaces.some((nic) => nic.privateIpAddress !== undefined);
}
