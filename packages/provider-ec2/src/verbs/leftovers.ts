import type { Leftover } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { ownershipFilter, STEP_TAG } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2Volume } from '../ports/ec2-storage-api.js';
import { FILTER_MAX_VALUES } from '../timings.js';
import { releaseQuietly } from './elastic-lookup.js';
import { leftoverAddresses } from './leftover-addresses.js';
import { livingOf } from './living.js';

/** Volumes and addresses; each kind says which. */
export async function leftovers(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly Leftover[]> {
  return (await Promise.all([leftoverVolumes(ec2, signal), leftoverAddresses(ec2, signal)])).flat();
}

const LEFT_BY = [STEP_TAG.rescue, STEP_TAG.rescueOf, STEP_TAG.standIn];

/**
 * Volumes that their machine did not take with it: it ended between the swap of its root volume for a rescue and the mark
 * that deletes both with it, or before its stand-in's disk was deleted. Only those whose notes name their machine, and whose machine is terminated or long forgotten.
 */
async function leftoverVolumes(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly Leftover[]> {
  const left = await Promise.all(LEFT_BY.map((tag) => unused(ec2, tag, signal)));
  const volumes = new Map(left.flat().map((volume) => [volume.volumeId, volume]));
  const found = [...volumes.values()].flatMap(toLeftover).slice(0, FILTER_MAX_VALUES);
  const ids = [...new Set(found.map(({ providerId }) => providerId))];
  const living = await livingOf(ec2, ids, signal);
  return found.filter(({ providerId }) => !living.has(providerId));
}

/** Deletes the volume or releases the address, unless its machine has come to light or somebody uses it. Repeat-safe. */
export async function deleteLeftover(ec2: Ec2Context, { leftoverId, kind }: Leftover, signal?: AbortSignal): Promise<void> {
  const still = await (kind === 'address' ? leftoverAddresses(ec2, signal) : leftoverVolumes(ec2, signal));
  if (!still.some((each) => each.leftoverId === leftoverId)) return;
  if (kind === 'address') return releaseQuietly(ec2, leftoverId, signal);
  try {
    await ec2.calls.once({ action: 'DeleteVolume', signal, run: (api, options) => api.deleteVolume(leftoverId, options) });
  } catch (error) {
    if (ec2Cause(error)?.code !== 'InvalidVolume.NotFound') throw error;
  }
}

function unused(ec2: Ec2Context, tag: string, signal?: AbortSignal): Promise<readonly Ec2Volume[]> {
  const filters = { ...ownershipFilter(ec2.config), [`tag:${tag}`]: ['*'], status: ['available'] };
  return ec2.calls.read({
    action: 'DescribeVolumes',
    signal,
    run: (api, options) => api.describeVolumes({ filters }, options),
  });
}

/** Notes of earlier versions name no machine: such volumes are left to people. */
function toLeftover({ volumeId, sizeGb, tags }: Ec2Volume): readonly Leftover[] {
  const [, , noted] = (tags[STEP_TAG.rescue] ?? '').split(' ');
  const providerId = tags[STEP_TAG.standIn] ?? tags[STEP_TAG.rescueOf] ?? noted;
  return providerId === undefined ? [] : [{ leftoverId: volumeId, providerId, sizeGb }];
}
