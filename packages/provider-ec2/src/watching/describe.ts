import type { ProviderInstance } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { toProviderError } from '../limits/errors.js';
import { observe } from './observe.js';

/** Machines by id; those that EC2 does not know are left out. */
export async function describe(
  ec2: Ec2Context,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ProviderInstance>> {
  const found = await ec2.instances.some(ids, signal);
  try {
    const observed = await observe(ec2, [...found.values()], signal);
    return new Map(observed.map((instance) => [instance.providerId, instance]));
  } catch (thrown) {
    throw toProviderError(thrown);
  }
}
