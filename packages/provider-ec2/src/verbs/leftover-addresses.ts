import { kindOf, type Leftover } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import type { Ec2Address } from '../ports/ec2-address-api.js';
import { FILTER_MAX_VALUES } from '../timings.js';
import { pooledAddresses, takenAddresses } from './elastic-lookup.js';
import { livingOf } from './living.js';

/**
 * Elastic addresses that this cell has taken, that nothing uses, and whose machine has ended or has another of them: what is
 * left when a machine ends outside of nova, when we die between two calls, or when the answer to AllocateAddress is lost. One
 * whose machine lives without any is on its way there. Looked for whatever the policy is now: it may have been another.
 */
export async function leftoverAddresses(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly Leftover[]> {
  const [taken, pooled] = await Promise.all([allTaken(ec2, signal), pooledAddresses(ec2, signal)]);
  const served = new Set([...taken, ...pooled].map(({ instanceId }) => instanceId));
  const unused = taken.filter(({ associationId }) => associationId === undefined).slice(0, FILTER_MAX_VALUES);
  const living = await livingOf(ec2, [...new Set(unused.map(machineOf))], signal);
  return unused
    .filter((address) => !living.has(machineOf(address)) || served.has(machineOf(address)))
    .map((address) => ({ leftoverId: address.allocationId, kind: 'address', providerId: machineOf(address), sizeGb: null }));
}

function machineOf({ tags }: Ec2Address): string {
  return tags[STEP_TAG.addressOf] ?? '';
}

/** Where none is wished the cell may lack the right to look, or its endpoint the action. */
const CANNOT_LOOK = new Set(['unauthorized', 'unsupported']);

async function allTaken(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly Ec2Address[]> {
  try {
    return await takenAddresses(ec2, ['*'], signal);
  } catch (error) {
    if (ec2.config.elasticAddress === 'never' && CANNOT_LOOK.has(kindOf(error))) return [];
    throw error;
  }
}
