import { kindOf, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { adoptionTags, isOwned, ownershipFilter, TAG } from '../launching/tags.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import type { Ec2Volume } from '../ports/ec2-storage-api.js';
import { tag, untag } from './tagging.js';

/**
 * Tags the machine as ours, and in the same request its disks, but for those of another cell: whether they end with it stays
 * as its owner chose. EC2 has no condition on tags, so we look first.
 */
export async function adopt(ec2: Ec2Context, id: string, uuid: string, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  refuseUnlessFree(ec2, machine, uuid);
  const disks = await volumes(ec2, { 'attachment.instance-id': [id] }, signal);
  const free = disks.filter(({ tags }) => tags[TAG.cell] === undefined);
  await tag(ec2, [id, ...free.map(({ volumeId }) => volumeId)], adoptionTags(ec2.config, uuid), signal);
}

/** Takes the tags of {@link adopt} away, of no machine but one that carries them, and of the disks that were taken in with it. */
export async function release(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<void> {
  const machine = await known(ec2, id, signal);
  if (machine === null || !isOwned(ec2.config, machine.tags) || machine.tags[TAG.adopted] === undefined) return;
  const { [TAG.uuid]: uuid = '' } = machine.tags;
  const own = { ...ownershipFilter(ec2.config), [`tag:${TAG.adopted}`]: ['*'], [`tag:${TAG.uuid}`]: [uuid] };
  const disks = await volumes(ec2, own, signal);
  await untag(ec2, [...disks.map(({ volumeId }) => volumeId), id], Object.values(TAG), signal);
}

function volumes(
  ec2: Ec2Context,
  filters: Readonly<Record<string, readonly string[]>>,
  signal?: AbortSignal,
): Promise<readonly Ec2Volume[]> {
  const action = 'DescribeVolumes';
  return ec2.calls.read({ action, signal, run: (api, options) => api.describeVolumes({ filters }, options) });
}

function refuseUnlessFree({ config }: Ec2Context, { instanceId, state, tags }: Ec2Instance, uuid: string): void {
  if (state === 'shutting-down' || state === 'terminated') throw refused(`${instanceId} has ended`);
  if (tags[TAG.cell] === undefined) return;
  if (!isOwned(config, tags)) throw refused(`${instanceId} carries the tag of cell ${tags[TAG.cell]}`);
  if (tags[TAG.uuid] !== uuid) throw refused(`${instanceId} is the machine of another instance of this cell`);
}

function refused(why: string): ProviderError {
  return new ProviderError('conflict', why, { subject: 'instance', userMessage: `The machine cannot be taken in: ${why}.` });
}

async function known(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<Ec2Instance | null> {
  try {
    return await ec2.instances.one(id, signal);
  } catch (error) {
    if (kindOf(error) === 'not-found') return null;
    throw error;
  }
}
