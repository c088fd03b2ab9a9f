import { kindOf, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { adoptionTags, isOwned, TAG } from '../launching/tags.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { tag, untag } from './tagging.js';

/** Tags the machine as ours, its disks not: they stay what their owner made them. EC2 has no condition on tags, so we look first. */
export async function adopt(ec2: Ec2Context, id: string, uuid: string, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  refuseUnlessFree(ec2, machine, uuid);
  await tag(ec2, [id], adoptionTags(ec2.config, uuid), signal);
}

/** Takes the tags of {@link adopt} away, of no machine but one that carries them. */
export async function release(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<void> {
  const machine = await known(ec2, id, signal);
  if (machine === null || !isOwned(ec2.config, machine.tags) || machine.tags[TAG.adopted] === undefined) return;
  await untag(ec2, [id], Object.values(TAG), signal);
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
