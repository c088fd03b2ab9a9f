import type { DiskRequest, LaunchRequest, RootDiskRequest } from '@burstcell/provider';
import type { NewBlockDevice } from '@burstcell/store';
import { Failure } from './failure.js';

/** A device of a build beyond "the image's disk, as the flavor says": what its operation keeps of nova's columns. */
export type BuildDevice = Pick<
  NewBlockDevice,
  'source_type' | 'destination_type' | 'boot_index' | 'volume_size' | 'volume_id' | 'guest_format' | 'delete_on_termination'
> &
  Partial<Pick<NewBlockDevice, 'image_id' | 'snapshot_id'>>;

/** Those of a build's devices that its operation must know. */
export function buildDevices(devices: readonly NewBlockDevice[]): readonly BuildDevice[] {
  return devices.filter((device) => device.no_device !== true && !isPlainRoot(device)).map(kept);
}

/** Volumes that exist already and are attached once the machine runs. */
export function dataVolumes(devices: readonly BuildDevice[]): readonly string[] {
  return devices.flatMap((device) => (device.source_type === 'volume' && !isRoot(device) ? (device.volume_id ?? []) : []));
}

/** The existing volume that it boots from; null: it boots from an image. */
export function rootVolume(devices: readonly BuildDevice[]): string | null {
  const root = devices.find(isRoot);
  return root?.source_type === 'volume' ? (root.volume_id ?? null) : null;
}

/** What a machine that is built once more gets of the devices it had: its volumes, all of which exist by now. */
export function keptVolumes(devices: readonly NewBlockDevice[]): readonly BuildDevice[] {
  return devices.filter(({ volume_id: id }) => id !== null).map((device) => ({ ...kept(device), source_type: 'volume' }));
}

/** Whether the volume service must make a volume of an image or a snapshot first; an image's first disk comes with the launch. */
export function isMade({ source_type: source, destination_type: destination, boot_index: index }: BuildDevice): boolean {
  return destination === 'volume' && (source === 'snapshot' || (source === 'image' && index !== 0));
}

/** All volumes that exist already, the one it boots from among them. */
export function existingVolumes(devices: readonly BuildDevice[]): readonly string[] {
  return devices.flatMap((device) => (device.source_type === 'volume' ? (device.volume_id ?? []) : []));
}

/** What a launch is asked for. Throws `unsupported` for a disk that would have to be made of something. */
export function buildDisks(
  devices: readonly BuildDevice[],
  ephemeralGb: number,
): Pick<LaunchRequest, 'rootDisk' | 'disks' | 'swapMb'> {
  const root = devices.find(isRoot);
  const others = devices.filter((device) => device !== root && device.source_type !== 'volume');
  if (others.some(({ source_type: source }) => source !== 'blank')) throw madeOfSomething();
  const blank = others.filter(({ guest_format: format }) => format !== 'swap');
  const swap = others.find(({ guest_format: format }) => format === 'swap');
  const isTold = blank.some((device) => device.destination_type !== 'volume');
  const disks = [
    ...(isTold ? [] : [{ sizeGb: ephemeralGb, isKept: false }]),
    ...blank.map((device) => disk(device, ephemeralGb)),
  ];
  return {
    ...(root === undefined ? {} : { rootDisk: rootDisk(root) }),
    ...(blank.length === 0 ? {} : { disks: disks.filter(({ sizeGb }) => sizeGb > 0) }),
    // In MiB, unlike all other devices (novaclient: `--swap`).
    ...(swap?.volume_size == null ? {} : { swapMb: swap.volume_size }),
  };
}

function rootDisk(root: BuildDevice): RootDiskRequest {
  if (root.source_type === 'snapshot') throw madeOfSomething();
  const source = root.source_type === 'volume' ? 'volume' : 'image';
  return { source, sizeGb: root.destination_type === 'volume' ? root.volume_size : null, isKept: isKept(root) };
}

function disk(device: BuildDevice, ephemeralGb: number): DiskRequest {
  return { sizeGb: device.volume_size ?? (device.destination_type === 'volume' ? 1 : ephemeralGb), isKept: isKept(device) };
}

function isRoot({ boot_index: index }: BuildDevice): boolean {
  return index === 0;
}

/** nova's local disks always go with the machine. */
function isKept({ destination_type: destination, delete_on_termination: isDeleted }: BuildDevice): boolean {
  return destination === 'volume' && !isDeleted;
}

function isPlainRoot(device: NewBlockDevice): boolean {
  return isRoot(device) && device.source_type === 'image' && device.destination_type !== 'volume';
}

function kept(device: NewBlockDevice): BuildDevice {
  const { source_type, destination_type, boot_index, volume_size, volume_id, guest_format, delete_on_termination } = device;
  const of = isMade(device) ? { image_id: device.image_id, snapshot_id: device.snapshot_id } : {};
  return { source_type, destination_type, boot_index, volume_size, volume_id, guest_format, delete_on_termination, ...of };
}

export function madeOfSomething(): Failure {
  return new Failure(
    'unsupported',
    'A disk of an image or snapshot cannot be made here; boot with empty disks and existing volumes, or attach it later.',
    400,
  );
}
