import type { ProviderInstance } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { toProviderInstance } from './observed.js';

/** Instances in the contract's words, with the address ranges of their subnets where EC2 tells them. */
export async function observe(
  ec2: Ec2Context,
  instances: readonly Ec2Instance[],
  signal?: AbortSignal,
): Promise<readonly ProviderInstance[]> {
  await ec2.subnets.learn(
    instances.flatMap(({ interfaces }) => interfaces.map(({ subnetId }) => subnetId)),
    signal,
  );
  const parts = { networkLabel: ec2.config.networkLabel, subnet: (subnetId: string) => ec2.subnets.known(subnetId) };
  return instances.map((instance) => toProviderInstance(instance, parts));
}
