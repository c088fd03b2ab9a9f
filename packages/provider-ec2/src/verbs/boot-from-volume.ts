import { type Launch, type Progress, ProviderError } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { readLaunch } from '../launching/freeze.js';
import { STEP_TAG } from '../launching/tags.js';
import type { Ec2BlockDevice, Ec2Instance } from '../ports/ec2-api.js';
import type { Ec2AttributeChange } from '../ports/ec2-change-api.js';
import type { Ec2Volume } from '../ports/ec2-storage-api.js';
import { mustLive, rootVolumeOf } from '../watching/machine-state.js';
import { attach } from './rescue.js';
import { deleteStandIns, noteStandIn, readVolumeRoot } from './stand-in.js';
import { checkFree, detachVolume, volumeOf } from './volumes.js';

export interface VolumeBoot {
  readonly providerVolumeId: string;
  readonly launch: Launch;
}

/**
 * EC2 launches from images only, so the machine was started from a stand-in AMI. It is stopped, the stand-in's disk gives its place
 * to the volume (AWS: the root volume is detached only while the instance is stopped, "DetachVolume"), the user data that the launch
 * held back is set, and it is started. Each call looks where the machine is and takes the next step. Which disk is the stand-in's is
 * tagged on both first, so that no replica ever takes off another one, and that none is left: it is deleted before the machine starts.
 */
export async function bootFromVolume(ec2: Ec2Verbs, id: string, boot: VolumeBoot, signal?: AbortSignal): Promise<Progress> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'booted from a volume');
  const volume = await volumeOf(ec2, boot.providerVolumeId, signal);
  const root = rootVolumeOf(machine);
  if (root?.volumeId === volume.volumeId) return settle(ec2, machine, root, signal);

  await checkFree(ec2, { machine, volume }, signal);
  const standIn = readVolumeRoot(machine)?.standInId;
  if (standIn === undefined) {
    if (root !== undefined) await noteStandIn(ec2, machine, { volumeId: volume.volumeId, standInId: root.volumeId }, signal);
    return 'under-way';
  }
  if (root !== undefined && root.volumeId !== standIn) throw strangeRoot(id, root);
  // Nothing on the stand-in's disk is worth a shutdown.
  if (machine.state === 'running') await ec2.power.stop(id, { force: true, ...(signal ? { signal } : {}) });
  if (machine.state === 'stopped') await swap(ec2, { machine, root, volume, launch: boot.launch }, signal);
  return 'under-way';
}

interface Swap {
  readonly machine: Ec2Instance;
  readonly root: Ec2BlockDevice | undefined;
  readonly volume: Ec2Volume;
  readonly launch: Launch;
}

/** User data before the volume: a machine that has the one has the other. */
async function swap(ec2: Ec2Verbs, { machine, root, volume, launch }: Swap, signal?: AbortSignal): Promise<void> {
  const { instanceId, rootDeviceName: device = '/dev/xvda' } = machine;
  if (root !== undefined) {
    await detachVolume(ec2, instanceId, root.volumeId, signal);
    return;
  }
  const [elsewhere] = volume.attachments;
  if (elsewhere !== undefined) {
    // Attached as a disk beside the root; in the root's place it is what the machine's own list does not show yet.
    if (elsewhere.device !== device) await detachVolume(ec2, instanceId, volume.volumeId, signal);
    return;
  }
  const { userData } = readLaunch(launch).heldBack ?? {};
  if (userData !== undefined) await modify(ec2, instanceId, { userData }, signal);
  await attach(ec2, { instanceId, volumeId: volume.volumeId, device }, signal);
}

async function settle(ec2: Ec2Verbs, machine: Ec2Instance, root: Ec2BlockDevice, signal?: AbortSignal): Promise<Progress> {
  const { instanceId, state } = machine;
  if (root.status !== 'attached') return 'under-way';
  const { deviceName, volumeId } = root;
  const blockDevice = { deviceName, volumeId, deleteOnTermination: false };
  if (root.deleteOnTermination) await modify(ec2, instanceId, { blockDevice }, signal);
  if (!(await deleteStandIns(ec2, instanceId, signal))) return 'under-way';
  if (state === 'stopped') await ec2.power.start(instanceId, signal);
  return state === 'running' ? 'done' : 'under-way';
}

function modify(ec2: Ec2Verbs, id: string, change: Ec2AttributeChange, signal?: AbortSignal): Promise<void> {
  return ec2.calls.once({
    action: 'ModifyInstanceAttribute',
    signal,
    run: (api, options) => api.modifyInstanceAttribute(id, change, options),
  });
}

function strangeRoot(id: string, { volumeId }: Ec2BlockDevice): ProviderError {
  return new ProviderError('invalid', `${id} boots from ${volumeId}, which is not its stand-in: ${STEP_TAG.volumeRoot} says so`, {
    subject: 'volume',
    userMessage: 'The disk of the server was changed outside of nova; ask your cloud operator.',
  });
}
