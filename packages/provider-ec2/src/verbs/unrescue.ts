import type { Progress } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { mustLive, rootVolumeOf } from '../watching/machine-state.js';
import { attach, deleteWithMachine, readRescue } from './rescue.js';
import { isActive, rootTasks } from './root-task.js';
import { untag } from './tagging.js';
import { detachVolume } from './volumes.js';

/**
 * Back to the machine's own root volume, with all that was repaired on it. The machine is stopped first: only
 * a guest that has shut down has written everything out (AWS: "Detach an Amazon EBS volume from an EC2
 * instance"). Then both volumes are detached, the own one takes the root's place, the machine is started, and
 * the rescue system's volume is deleted. Each call takes the next step; a machine that is not rescued is done.
 */
export async function unrescue(ec2: Ec2Verbs, id: string, signal?: AbortSignal): Promise<Progress> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'unrescued');
  const note = readRescue(machine);
  if (!note) return 'done';
  if ((await rootTasks(ec2, id, signal)).some(isActive)) return 'under-way';

  const isBack = rootVolumeOf(machine)?.volumeId === note.ownVolumeId;
  return isBack ? settle(ec2, machine, note.ownVolumeId, signal) : swapBack(ec2, machine, note.ownVolumeId, signal);
}

async function swapBack(ec2: Ec2Verbs, machine: Ec2Instance, own: string, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state, blockDevices = [], rootDeviceName = '/dev/xvda' } = machine;
  if (state === 'running') await ec2.power.stop(instanceId, signal ? { signal } : {});
  if (state !== 'stopped') return 'under-way';

  const inTheWay = blockDevices.filter(({ deviceName, volumeId }) => deviceName === rootDeviceName || volumeId === own);
  for (const { volumeId } of inTheWay) await detachVolume(ec2, instanceId, volumeId, signal);
  if (inTheWay.length === 0) await attach(ec2, { instanceId, volumeId: own, device: rootDeviceName }, signal);
  return 'under-way';
}

async function settle(ec2: Ec2Verbs, machine: Ec2Instance, own: string, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state } = machine;
  const root = rootVolumeOf(machine);
  if (root?.status !== 'attached') return 'under-way';
  await deleteWithMachine(ec2, instanceId, root, signal);
  if (state === 'stopped') await ec2.power.start(instanceId, signal);
  if (state !== 'running') return 'under-way';

  await deleteRescueVolumes(ec2, instanceId, signal);
  // Last: without the tag there is nothing left to do.
  await untag(ec2, [own, instanceId], [STEP_TAG.rescue], signal);
  return 'done';
}

async function deleteRescueVolumes(ec2: Ec2Verbs, instanceId: string, signal?: AbortSignal): Promise<void> {
  const volumes = await ec2.calls.read({
    action: 'DescribeVolumes',
    signal,
    run: (api, options) =>
      api.describeVolumes({ filters: { [`tag:${STEP_TAG.rescueOf}`]: [instanceId], status: ['available'] } }, options),
  });
  for (const { volumeId } of volumes) await deleteVolume(ec2, volumeId, signal);
}

async function deleteVolume(ec2: Ec2Verbs, volumeId: string, signal?: AbortSignal): Promise<void> {
  try {
    await ec2.calls.once({ action: 'DeleteVolume', signal, run: (api, options) => api.deleteVolume(volumeId, options) });
  } catch (error) {
    if (ec2Cause(error)?.code !== 'InvalidVolume.NotFound') throw error;
  }
}
