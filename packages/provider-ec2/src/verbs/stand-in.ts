import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { inheritedTags, STEP_TAG } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { tag } from './tagging.js';

/** What a machine's tag says of the volume that it boots from, and of the disk that it was launched with. */
export interface VolumeRoot {
  readonly volumeId: string;
  readonly standInId: string;
}

export function readVolumeRoot({ tags }: Pick<Ec2Instance, 'tags'>): VolumeRoot | undefined {
  const [volumeId, standInId] = (tags[STEP_TAG.volumeRoot] ?? '').split(' ');
  return volumeId && standInId ? { volumeId, standInId } : undefined;
}

/** The disk first: a machine that says which it is has a disk that says whose it is. */
export async function noteStandIn(
  ec2: Ec2Context,
  { instanceId, tags }: Ec2Instance,
  { volumeId, standInId }: VolumeRoot,
  signal?: AbortSignal,
): Promise<void> {
  await tag(ec2, [standInId], { ...inheritedTags(tags), [STEP_TAG.standIn]: instanceId }, signal);
  await tag(ec2, [instanceId], { [STEP_TAG.volumeRoot]: `${volumeId} ${standInId}` }, signal);
}

/** Deletes what the machine was launched with, once it is free; false while some of it still is not. Repeat-safe. */
export async function deleteStandIns(ec2: Ec2Context, instanceId: string, signal?: AbortSignal): Promise<boolean> {
  const volumes = await ec2.calls.read({
    action: 'DescribeVolumes',
    signal,
    run: (api, options) => api.describeVolumes({ filters: { [`tag:${STEP_TAG.standIn}`]: [instanceId] } }, options),
  });
  const left = volumes.filter(({ state }) => state !== 'deleting' && state !== 'deleted');
  for (const { volumeId, state } of left) if (state === 'available') await deleteVolume(ec2, volumeId, signal);
  return left.every(({ state }) => state === 'available');
}

/** A disk of the volume service is never replaced: what would delete it is refused. Throws `unsupported`. */
export function mustOwnRoot(machine: Ec2Instance, participle: string): void {
  if (readVolumeRoot(machine) === undefined) return;
  throw new ProviderError('unsupported', `${machine.instanceId} boots from a volume: it cannot be ${participle}`, {
    subject: 'instance',
    userMessage: `The server boots from a volume and cannot be ${participle} in this cloud; delete it and boot another from the volume or its snapshot.`,
  });
}

async function deleteVolume(ec2: Ec2Context, volumeId: string, signal?: AbortSignal): Promise<void> {
  try {
    await ec2.calls.once({ action: 'DeleteVolume', signal, run: (api, options) => api.deleteVolume(volumeId, options) });
  } catch (error) {
    if (ec2Cause(error)?.code !== 'InvalidVolume.NotFound') throw error;
  }
}
