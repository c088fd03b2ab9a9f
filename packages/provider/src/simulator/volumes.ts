import type { Progress, ProviderVolume, VolumeRequest } from '../abilities.js';
import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import { type Machine, ROOT_DEVICE } from './machine.js';
import { refusal } from './rules.js';

/** A disk apart from any machine. Made by tests, or by whatever stands in for a volume service. */
export interface SimulatedVolume {
  readonly providerVolumeId: string;
  readonly zone: string;
  readonly sizeGb: number;
  /** The machine it is attached to, as which device, and since when it is being detached. */
  attachment: { readonly providerId: string; readonly deviceName: string; readonly detachedAtMs: number | null } | null;
}

const STATES: readonly Machine['state'][] = ['running', 'paused', 'stopped'];
/** Devices a volume may get: /dev/vdb to /dev/vdz, as libvirt names them. */
const DEVICE_NAMES = Array.from('bcdefghijklmnopqrstuvwxyz', (letter) => `/dev/vd${letter}`);

export function createVolume(
  { state }: Site,
  { zone, sizeGb }: { readonly zone: string; readonly sizeGb: number },
): SimulatedVolume {
  const providerVolumeId = `vol-${(state.nextDiskSerial++).toString(16).padStart(12, '0')}`;
  const volume = { providerVolumeId, zone, sizeGb, attachment: null };
  state.volumes.set(providerVolumeId, volume);
  return volume;
}

/** The volume as it is now: a detachment passes when somebody looks. */
export function volumeOf({ state, settings }: Site, providerVolumeId: string): SimulatedVolume | undefined {
  const volume = state.volumes.get(providerVolumeId);
  const detachedAtMs = volume?.attachment?.detachedAtMs ?? null;
  if (volume !== undefined && detachedAtMs !== null && detachedAtMs <= settings.clock.now()) volume.attachment = null;
  return volume;
}

export function describeVolumes(site: Site, ids: readonly string[]): Map<string, ProviderVolume> {
  const found = ids.flatMap((id) => volumeOf(site, id) ?? []);
  return new Map(found.map((volume) => [volume.providerVolumeId, shown(volume)]));
}

function shown({ providerVolumeId, zone, sizeGb, attachment }: SimulatedVolume): ProviderVolume {
  return { providerVolumeId, zone, sizeGb, attachedTo: attachment?.providerId ?? null };
}

export function attachVolume(site: Site, machine: Machine, asked: VolumeRequest): { readonly deviceName: string } {
  const volume = volumeOf(site, asked.providerVolumeId);
  if (volume === undefined) throw volumeError('not-found', `there is no volume ${asked.providerVolumeId}`);
  refuseUnlessFree(machine, volume);
  const { attachment } = volume;
  if (attachment !== null) return { deviceName: attachment.deviceName };
  if (!STATES.includes(machine.state)) throw refusal('given a volume', machine);
  const deviceName = chooseDevice(site, machine, asked.deviceName);
  volume.attachment = { providerId: machine.providerId, deviceName, detachedAtMs: null };
  return { deviceName };
}

/** `conflict` when another machine has it, or it is being taken off this one; `invalid` in another zone. */
export function refuseUnlessFree(machine: Machine, { providerVolumeId, zone, attachment }: SimulatedVolume): void {
  if (attachment !== null && (attachment.providerId !== machine.providerId || attachment.detachedAtMs !== null)) {
    throw volumeError('conflict', `volume ${providerVolumeId} is in use`);
  }
  if (zone !== machine.zone) {
    throw volumeError('invalid', `volume ${providerVolumeId} is in zone ${zone}, the machine in ${machine.zone}`);
  }
}

/** What is attached to another machine stays there, and what a machine that is on boots from. */
export function detachVolume(site: Site, machine: Machine, providerVolumeId: string): Progress {
  const volume = volumeOf(site, providerVolumeId);
  const attachment = volume?.attachment ?? null;
  if (volume === undefined || attachment?.providerId !== machine.providerId) return 'done';
  if (attachment.deviceName === ROOT_DEVICE && machine.state !== 'stopped') throw refusal('parted from its root disk', machine);
  const { clock, changeMs } = site.settings;
  if (attachment.detachedAtMs === null) volume.attachment = { ...attachment, detachedAtMs: clock.now() + changeMs };
  return volumeOf(site, providerVolumeId)?.attachment === null ? 'done' : 'under-way';
}

/** A machine that ends leaves its volumes behind. */
export function releaseVolumes(site: Site, machine: Machine): void {
  for (const volume of volumesOn(site, machine)) volume.attachment = null;
}

function volumesOn({ state }: Site, { providerId }: Machine): SimulatedVolume[] {
  if (state.volumes.size === 0) return [];
  return [...state.volumes.values()].filter(({ attachment }) => attachment?.providerId === providerId);
}

function chooseDevice(site: Site, machine: Machine, asked: string | null): string {
  const taken = new Set(volumesOn(site, machine).map(({ attachment }) => attachment?.deviceName));
  taken.add(ROOT_DEVICE);
  if (asked !== null && taken.has(asked)) throw volumeError('invalid', `device ${asked} is in use`);
  const deviceName = asked ?? DEVICE_NAMES.find((name) => !taken.has(name));
  if (deviceName === undefined) throw volumeError('unsupported', 'the machine has no device left for another volume');
  return deviceName;
}

function volumeError(kind: 'not-found' | 'conflict' | 'invalid' | 'unsupported', message: string): ProviderError {
  return new ProviderError(kind, message, { subject: 'volume' });
}
