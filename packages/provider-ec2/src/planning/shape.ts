import type { ProviderHeadroom, ProviderShape } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Subnet } from '../ports/ec2-api.js';
import { refusalKey } from './unavailable.js';

/** `hypervisor_version` of the compute nodes: the date of EC2's API, the only version it names. */
const API_VERSION = 20161115;

/** The cloud as the parent's operators see it; zones without a subnet are not shown, since nothing can run there. */
export async function shape(ec2: Ec2Context, signal?: AbortSignal): Promise<ProviderShape> {
  const [zones, placements, mapped, refused] = await Promise.all([
    ec2.zones.all(signal),
    ec2.subnets.all(signal),
    ec2.subnets.mapped(signal),
    ec2.refusals.current(),
  ]);
  const subnets = [...new Map([...placements, ...mapped].map((subnet) => [subnet.subnetId, subnet])).values()];
  const served = zones.filter(({ name }) => subnets.some(({ zone }) => zone === name));
  return {
    zones: served.map(({ name, available }) => ({ name, available })),
    hypervisorType: 'ec2',
    hypervisorVersion: API_VERSION,
    capabilities: { region: [ec2.config.region], market: [ec2.config.market] },
    headroom: headroom(ec2, subnets, refused),
    refusedMemoryMb: ec2.refusedSizes.refused(refused),
  };
}

/** Free addresses bound the number of machines; a spent quota of the standard families, or an account that is refused, bounds everything at nothing. */
function headroom(ec2: Ec2Context, subnets: readonly Ec2Subnet[], refused: ReadonlyMap<string, number>): ProviderHeadroom {
  const place = { instanceType: 'm5.large', zone: '', subnetId: '', market: ec2.config.market };
  const isSpent = refused.has(refusalKey('quota', place)) || refused.has(refusalKey('account', place));
  if (isSpent) return { instances: 0, vcpus: 0, memoryMb: 0, diskGb: null };

  const open = subnets.filter(({ subnetId }) => !refused.has(refusalKey('subnet', { ...place, subnetId })));
  return {
    instances: open.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0),
    vcpus: null,
    memoryMb: null,
    diskGb: null,
  };
}
