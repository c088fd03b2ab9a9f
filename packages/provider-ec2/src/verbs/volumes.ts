import { type Progress, ProviderError, type VolumeRequest } from '@burstcell/provider';
import { sleep } from '../clock.js';
import type { Ec2Context } from '../context.js';
import { ec2Cause, toProviderError } from '../limits/errors.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import type { Ec2Volume } from '../ports/ec2-storage-api.js';
import { ATTACH_LOOKS, ATTACH_POLL_FIRST_MS, ATTACH_POLL_MAX_MS, UNAVAILABLE_RETRY_AFTER_MS } from '../timings.js';
import { mustLive } from '../watching/machine-state.js';
import { deviceFor } from './device-names.js';

/**
 * Attaches and waits, for at most {@link ATTACH_LOOKS} looks, until EC2 has. AttachVolume has no client
 * token: the volume's own attachment says whether it was done before. Throws `invalid` in another zone,
 * `conflict` when it is in use elsewhere, `unavailable` when it takes long: the same call goes on waiting.
 */
export async function attachVolume(
  ec2: Ec2Context,
  id: string,
  { providerVolumeId, deviceName }: VolumeRequest,
  signal?: AbortSignal,
): Promise<{ readonly deviceName: string }> {
  const machine = await ec2.instances.one(id, signal);
  const volume = await volumeOf(ec2, providerVolumeId, signal);
  if (!attachmentTo(volume, id)) await begin(ec2, { machine, volume, deviceName }, signal);

  for (let look = 1; look <= ATTACH_LOOKS; look += 1) {
    const attachment = attachmentTo(await volumeOf(ec2, providerVolumeId, signal), id);
    if (attachment?.state === 'attached' || attachment?.state === 'busy') return { deviceName: attachment.device };
    await sleep(ec2.clock, Math.min(ATTACH_POLL_MAX_MS, ATTACH_POLL_FIRST_MS * 2 ** (look - 1)), signal);
  }
  throw new ProviderError('unavailable', `${providerVolumeId} is still attaching to ${id}`, {
    subject: 'volume',
    userMessage: 'The cloud is still attaching the volume; look again in a moment.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}

/** Begins at the first call, `done` once EC2 has. A volume that is unknown or not attached there is done. */
export async function detachVolume(ec2: Ec2Context, id: string, volumeId: string, signal?: AbortSignal): Promise<Progress> {
  await ec2.instances.one(id, signal);
  const state = await attachmentState(ec2, id, volumeId, signal);
  if (state === undefined) return 'done';
  if (state === 'detaching') return 'under-way';
  try {
    await ec2.calls.once({
      action: 'DetachVolume',
      signal,
      run: (api, options) => api.detachVolume({ volumeId, instanceId: id }, options),
    });
  } catch (error) {
    // Detached by somebody since we looked, or not quite attached yet: the next look tells which.
    if (ec2Cause(error)?.code !== 'IncorrectState') throw error;
  }
  return 'under-way';
}

/** Throws `not-found`, about the volume. */
export async function volumeOf(ec2: Ec2Context, volumeId: string, signal?: AbortSignal): Promise<Ec2Volume> {
  if (!/^vol-[0-9a-f]+$/.test(volumeId)) throw unknown(volumeId);
  const [volume] = await ec2.calls.read({
    action: 'DescribeVolumes',
    signal,
    run: (api, options) => api.describeVolumes({ ids: [volumeId] }, options),
  });
  if (!volume) throw unknown(volumeId);
  return volume;
}

/**
 * Throws `conflict` when another machine has it, but `unavailable` while that one is ending, which gives the volume back (a shelved
 * server's last machine); `invalid` in another zone than this one.
 */
export async function checkFree(
  ec2: Ec2Context,
  { machine, volume }: { readonly machine: Ec2Instance; readonly volume: Ec2Volume },
  signal?: AbortSignal,
): Promise<void> {
  const { volumeId, zone, attachments } = volume;
  const holder = attachments.find(({ instanceId, state }) => instanceId !== machine.instanceId && state !== 'detached');
  if (holder !== undefined) throw (await isEnding(ec2, holder.instanceId, signal)) ? stillHeld(volumeId) : inUse(volumeId);
  if (zone !== machine.availabilityZone) throw otherZone(volume, machine.availabilityZone);
}

async function isEnding(ec2: Ec2Context, instanceId: string, signal?: AbortSignal): Promise<boolean> {
  const state = (await ec2.instances.some([instanceId], signal)).get(instanceId)?.state;
  return state === 'shutting-down' || state === 'terminated';
}

function stillHeld(volumeId: string): ProviderError {
  return new ProviderError('unavailable', `${volumeId} is still held by an instance that is ending`, {
    subject: 'volume',
    userMessage: 'The volume is still held by a server that is ending; look again in a moment.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}

interface Attaching {
  readonly machine: Ec2Instance;
  readonly volume: Ec2Volume;
  readonly deviceName: string | null;
}

async function begin(ec2: Ec2Context, { machine, volume, deviceName }: Attaching, signal?: AbortSignal): Promise<void> {
  const { volumeId } = volume;
  const { instanceId: id } = machine;
  mustLive(machine, 'given a volume');
  await checkFree(ec2, { machine, volume }, signal);

  const device = deviceFor(machine, deviceName);
  try {
    await ec2.calls.once({
      action: 'AttachVolume',
      signal,
      run: (api, options) => api.attachVolume({ volumeId, instanceId: id, device }, options),
    });
  } catch (error) {
    const isOurs = ec2Cause(error)?.code === 'VolumeInUse' && attachmentTo(await volumeOf(ec2, volumeId, signal), id);
    if (!isOurs) throw error;
  }
}

async function attachmentState(ec2: Ec2Context, id: string, volumeId: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return attachmentTo(await volumeOf(ec2, volumeId, signal), id)?.state;
  } catch (thrown) {
    const error = toProviderError(thrown);
    if (error.kind === 'not-found') return undefined;
    throw error;
  }
}

function attachmentTo({ attachments }: Ec2Volume, id: string) {
  return attachments.find(({ instanceId, state }) => instanceId === id && state !== 'detached');
}

function unknown(volumeId: string): ProviderError {
  return new ProviderError('not-found', `${volumeId} is no volume of this account`, {
    subject: 'volume',
    userMessage: 'The volume does not exist in the cloud.',
  });
}

function inUse(volumeId: string): ProviderError {
  return new ProviderError('conflict', `${volumeId} is attached elsewhere`, {
    subject: 'volume',
    userMessage: 'The volume is in use; detach it first.',
    faultCode: 400,
  });
}

function otherZone({ volumeId, zone }: Ec2Volume, machineZone: string): ProviderError {
  return new ProviderError('invalid', `${volumeId} is in ${zone}, the instance in ${machineZone}`, {
    subject: 'volume',
    userMessage: `The volume is in zone ${zone}, the server in ${machineZone}; attach it to a server there, or boot one with --availability-zone ${zone}.`,
  });
}
