import { kindOf, type Progress, ProviderError } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { inheritedTags, STEP_TAG } from '../launching/tags.js';
import { stepToken } from '../launching/tokens.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2BlockDevice, Ec2Instance } from '../ports/ec2-api.js';
import { mustLive, rootVolumeOf } from '../watching/machine-state.js';
import { deviceFor } from './device-names.js';
import { beginRootTask, failedTask, findRootTask, isActive } from './root-task.js';
import { mustOwnRoot } from './stand-in.js';
import { tag, untag } from './tagging.js';
import { volumeOf } from './volumes.js';

export interface Rescue {
  readonly providerImageId: string | null;
  readonly token: string;
}

/** What the instance's tag says of a rescue: whose step it is, and which volume is the machine's own. */
export interface RescueNote {
  readonly token: string;
  readonly ownVolumeId: string;
}

export function readRescue({ tags }: Ec2Instance): RescueNote | undefined {
  const [token, ownVolumeId] = (tags[STEP_TAG.rescue] ?? '').split(' ');
  return token && ownVolumeId ? { token, ownVolumeId } : undefined;
}

/**
 * EC2 puts a rescue system's root volume in the place of the machine's own, which is kept and attached beside
 * it. The machine keeps its host, so there is always room, its id and all its addresses; EC2 does the swap
 * whole or not at all, once per token. Which volume is the machine's own is tagged first, on machine and
 * volume, so that any replica goes on, or back ({@link ./unrescue.ts unrescue}). A stopped machine is started.
 * The password is not set: EC2 gives the rescue system the machine's key pair and user data.
 */
export async function rescue(ec2: Ec2Verbs, id: string, wish: Rescue, signal?: AbortSignal): Promise<Progress> {
  const token = stepToken('rescue', id, wish.token);
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'rescued');
  mustOwnRoot(machine, 'rescued');
  const task = await findRootTask(ec2, id, token, signal);
  if (task && isActive(task)) return 'under-way';
  if (task?.state === 'failed') {
    await untag(ec2, [id], [STEP_TAG.rescue], signal);
    throw failedTask(task);
  }
  if (task?.state === 'failed-detached') throw failedTask(task);

  const note = await noted(ec2, machine, token, signal);
  const root = rootVolumeOf(machine);
  // The task has done it, but EC2's reads may still show the volume that was there before.
  if (root && root.volumeId !== note.ownVolumeId) return attachOwn(ec2, machine, { own: note.ownVolumeId, root }, signal);
  return task ? 'under-way' : swap(ec2, machine, { imageId: await imageFor(ec2, machine, wish), token }, signal);
}

/** Intent: the own volume is what an earlier, unfinished rescue noted, if it still exists, or what the machine boots from now. */
async function noted(ec2: Ec2Verbs, machine: Ec2Instance, token: string, signal?: AbortSignal): Promise<RescueNote> {
  const earlier = readRescue(machine);
  if (earlier?.token === token) return earlier;

  const kept = earlier && (await exists(ec2, earlier.ownVolumeId, signal)) ? earlier.ownVolumeId : undefined;
  const ownVolumeId = kept ?? rootVolumeOf(machine)?.volumeId;
  if (ownVolumeId === undefined) throw rootless(machine.instanceId);
  await tag(
    ec2,
    [machine.instanceId, ownVolumeId],
    { [STEP_TAG.rescue]: `${token} ${ownVolumeId} ${machine.instanceId}` },
    signal,
  );
  return { token, ownVolumeId };
}

/** A rebuild since may have deleted what a forgotten note names. */
async function exists(ec2: Ec2Verbs, volumeId: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await volumeOf(ec2, volumeId, signal);
    return true;
  } catch (error) {
    if (kindOf(error) === 'not-found') return false;
    throw error;
  }
}

interface Swap {
  readonly imageId: string;
  readonly token: string;
}

async function swap(ec2: Ec2Verbs, machine: Ec2Instance, { imageId, token }: Swap, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state } = machine;
  if (state === 'stopped') await ec2.power.start(instanceId, signal);
  if (state === 'running') await beginRootTask(ec2, { instanceId, imageId, token, deleteReplaced: false }, signal);
  return 'under-way';
}

interface Swapped {
  readonly own: string;
  readonly root: Ec2BlockDevice;
}

/** Beside the rescue system, and so marked that neither volume outlives the machine. */
async function attachOwn(ec2: Ec2Verbs, machine: Ec2Instance, { own, root }: Swapped, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state, blockDevices = [] } = machine;
  const held = blockDevices.find(({ volumeId }) => volumeId === own);
  if (!held) {
    const tags = { ...inheritedTags(machine.tags), [STEP_TAG.rescueOf]: instanceId };
    await tag(ec2, [root.volumeId], tags, signal);
    await attach(ec2, { instanceId, volumeId: own, device: deviceFor(machine, null) }, signal);
    return 'under-way';
  }
  if (held.status !== 'attached') return 'under-way';
  for (const device of [held, root]) await deleteWithMachine(ec2, instanceId, device, signal);
  if (state === 'stopped') await ec2.power.start(instanceId, signal);
  return state === 'running' ? 'done' : 'under-way';
}

/** Repeat-safe: a volume that is attached already, or not yet free again, is looked at again by the next call. */
export async function attach(
  ec2: Ec2Verbs,
  input: { readonly instanceId: string; readonly volumeId: string; readonly device: string },
  signal?: AbortSignal,
): Promise<void> {
  try {
    await ec2.calls.once({ action: 'AttachVolume', signal, run: (api, options) => api.attachVolume(input, options) });
  } catch (error) {
    const code = ec2Cause(error)?.code;
    if (code !== 'VolumeInUse' && code !== 'IncorrectState') throw error;
  }
}

/** A volume attached later would stay behind, and cost, when the machine ends. */
export async function deleteWithMachine(
  ec2: Ec2Verbs,
  instanceId: string,
  { deviceName, volumeId, deleteOnTermination }: Ec2BlockDevice,
  signal?: AbortSignal,
): Promise<void> {
  if (deleteOnTermination) return;
  const blockDevice = { deviceName, volumeId, deleteOnTermination: true };
  await ec2.calls.once({
    action: 'ModifyInstanceAttribute',
    signal,
    run: (api, options) => api.modifyInstanceAttribute(instanceId, { blockDevice }, options),
  });
}

/** The image asked for, else the operator's rescue image, else the machine's own. */
async function imageFor(ec2: Ec2Verbs, machine: Ec2Instance, { providerImageId }: Rescue): Promise<string> {
  const imageId = providerImageId ?? ec2.config.rescueAmi ?? machine.imageId;
  if (imageId !== undefined) return imageId;
  throw new ProviderError('invalid', `no image to rescue ${machine.instanceId} with`, {
    subject: 'image',
    userMessage: 'There is no image to rescue the server with; name one, or ask your cloud operator to set one.',
  });
}

function rootless(instanceId: string): ProviderError {
  return new ProviderError('conflict', `${instanceId} has no root volume`, {
    subject: 'instance',
    userMessage: 'The server has no root disk in the cloud; ask your cloud operator.',
  });
}
