import type { Progress } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { inheritedTags, STEP_TAG } from '../launching/tags.js';
import { stepToken } from '../launching/tokens.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { rootVolumeOf, wrongState } from '../watching/machine-state.js';
import { beginRootTask, failedTask, findRootTask, isActive } from './root-task.js';
import { mustOwnRoot } from './stand-in.js';
import { tag, untag } from './tagging.js';

export interface Rebuild {
  readonly providerImageId: string;
  readonly token: string;
}

/**
 * EC2 replaces the root volume and deletes the old one; everything else of the machine stays. It does so
 * only while the machine runs: one that is stopped is tagged, started, rebuilt and stopped again.
 */
export async function rebuild(ec2: Ec2Verbs, id: string, wish: Rebuild, signal?: AbortSignal): Promise<Progress> {
  const token = stepToken('rebuild', id, wish.token);
  const task = await findRootTask(ec2, id, token, signal);
  const machine = await ec2.instances.one(id, signal);
  mustOwnRoot(machine, 'rebuilt');
  if (!task) return begin(ec2, machine, { imageId: wish.providerImageId, token }, signal);
  if (isActive(task)) return 'under-way';
  if (task.state !== 'succeeded') throw failedTask(task);
  return finish(ec2, machine, token, signal);
}

async function begin(
  ec2: Ec2Verbs,
  machine: Ec2Instance,
  { imageId, token }: { readonly imageId: string; readonly token: string },
  signal?: AbortSignal,
): Promise<Progress> {
  const { instanceId, state, tags } = machine;
  switch (state) {
    case 'pending':
    case 'stopping':
      return 'under-way';
    case 'stopped':
      if (tags[STEP_TAG.rebuild] !== token) await tag(ec2, [instanceId], { [STEP_TAG.rebuild]: token }, signal);
      await ec2.power.start(instanceId, signal);
      return 'under-way';
    case 'running':
      await beginRootTask(ec2, { instanceId, imageId, token, deleteReplaced: true }, signal);
      return 'under-way';
    default:
      throw wrongState(machine, 'rebuilt');
  }
}

async function finish(ec2: Ec2Verbs, machine: Ec2Instance, token: string, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state, tags } = machine;
  const wasStopped = tags[STEP_TAG.rebuild] === token;
  if (wasStopped && (state === 'pending' || state === 'stopping')) return 'under-way';
  if (wasStopped && state === 'running') {
    await ec2.power.stop(instanceId, signal ? { signal } : {});
    return 'under-way';
  }
  const root = rootVolumeOf(machine);
  if (root) await tag(ec2, [root.volumeId], inheritedTags(tags), signal);
  if (wasStopped) await untag(ec2, [instanceId], [STEP_TAG.rebuild], signal);
  return 'done';
}
