import type { FlavorRequest } from '@burstcell/provider';

/** Flavor extra spec: `true` launches the flavor's servers so that they can be suspended. EC2 cannot allow it later. */
export const HIBERNATION_SPEC = 'ec2:hibernation';

/** AWS: "Prerequisites for EC2 instance hibernation", instance RAM size: Linux below 150 GiB, Windows up to 16 GiB. */
const LINUX_MAX_MB = 150 * 1024 - 1;
const WINDOWS_MAX_MB = 16 * 1024;

export function wantsHibernation({ extraSpecs }: FlavorRequest): boolean {
  return /^(true|yes|1)$/i.test(extraSpecs[HIBERNATION_SPEC] ?? '');
}

/** Most memory that the flavor's servers may have; null where they need not hibernate. */
export function hibernationLimitMb(flavor: FlavorRequest, platform: 'windows' | undefined): number | null {
  if (!wantsHibernation(flavor)) return null;
  return platform === 'windows' ? WINDOWS_MAX_MB : LINUX_MAX_MB;
}
