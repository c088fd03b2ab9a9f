import type { LaunchRequest } from '@burstcell/provider';
import type { Ec2DiskInput } from '../ports/ec2-api.js';

export interface SwapSettings {
  /** How a flavor's swap is made. */
  readonly swap: 'file' | 'none';
}

/** cloud-init's own default (docs: "Mounts", `swap`). */
export const SWAP_FILE = '/swap.img';

const MIB = 1024 ** 2;

/**
 * What the server is to have; 0 where it gets none. A disk of its own would need a name that the guest knows it by, and
 * on Nitro that is not the one it is attached under (AWS: "Device names for volumes"); so it is a file on the root disk.
 */
export function wantedSwapMb({ flavor, rootDisk, swapMb = flavor.swapMb }: LaunchRequest, { swap }: SwapSettings): number {
  // A root disk that exists already is as large as it is.
  const hasOwnRoot = rootDisk === undefined || rootDisk.source === 'image';
  return swap === 'file' && hasOwnRoot ? swapMb : 0;
}

/** The lines of a cloud-config by which cloud-init makes the file, turns it on and notes it in `/etc/fstab`. */
export function swapLines(swapMb: number): readonly string[] {
  return swapMb === 0 ? [] : ['swap:', `  filename: ${SWAP_FILE}`, `  size: ${swapMb * MIB}`];
}

/**
 * A root disk that holds the file besides what the flavor promises. One that is larger anyway, since its image is, stays as
 * it is: snapshots of servers with swap would else grow with each server that is made of them.
 */
export function withSwap<T extends { readonly rootDevice?: Ec2DiskInput }>(
  disks: T,
  { flavor, image, rootDisk }: LaunchRequest,
  swapMb: number,
): T {
  const { rootDevice } = disks;
  if (rootDevice === undefined || swapMb === 0) return disks;
  const promisedGb = rootDisk?.sizeGb ?? flavor.rootGb;
  const swapGb = Math.ceil(swapMb / 1024);
  const baseGb = promisedGb > 0 ? Math.max(promisedGb, image.minDiskGb) : rootDevice.sizeGb;
  return { ...disks, rootDevice: { ...rootDevice, sizeGb: Math.max(rootDevice.sizeGb, baseGb + swapGb) } };
}
