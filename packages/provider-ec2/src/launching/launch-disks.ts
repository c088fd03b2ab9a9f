import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { OfferingParameters } from '../planning/offering-parameters.js';
import type { RunInstancesInput } from '../ports/ec2-api.js';
import type { Ec2ProviderConfig } from '../settings/config.js';

type Disks = Pick<RunInstancesInput, 'rootDevice' | 'moreDevices'>;
type DiskSettings = Pick<Ec2ProviderConfig, 'rootVolumeType' | 'encrypted'>;

/** For disks that come with the machine; volumes that are attached later begin at `/dev/sdf`. */
const NAMES = [...'bcdefghijklmnop'].map((letter) => `/dev/sd${letter}`);

/** Throws `invalid` for more disks than there are names for. */
export function checkDisks({ disks = [] }: LaunchRequest): void {
  if (disks.length <= NAMES.length) return;
  throw new ProviderError('invalid', `${disks.length} disks`, {
    userMessage: `A server of this cloud comes with at most ${NAMES.length} disks besides its first; attach the others later.`,
  });
}

/** Pure. The root disk holds what was asked for or else the flavor promises, what the image needs and what nova wants for it; a
 * stand-in's only what its image needs. */
export function disksOf(config: DiskSettings, request: LaunchRequest, offering: OfferingParameters): Disks {
  const { flavor, image, rootDisk, disks = ephemeral(request) } = request;
  const isStandIn = rootDisk?.source === 'volume';
  const kind = { volumeType: config.rootVolumeType, encrypted: config.encrypted };
  const wantedGb = Math.max(rootDisk?.sizeGb ?? flavor.rootGb, offering.imageRootGb, image.minDiskGb);
  const sizeGb = isStandIn ? offering.imageRootGb : wantedGb;
  const more = disks.map((disk, at) => ({ deviceName: NAMES[at] ?? '', sizeGb: disk.sizeGb, ...kind, ...kept(disk) }));
  return {
    rootDevice: { deviceName: offering.rootDeviceName, sizeGb, ...kind, ...(isStandIn ? {} : kept(rootDisk)) },
    ...(more.length === 0 ? {} : { moreDevices: more }),
  };
}

function ephemeral({ flavor: { ephemeralGb } }: LaunchRequest): NonNullable<LaunchRequest['disks']> {
  return ephemeralGb > 0 ? [{ sizeGb: ephemeralGb, isKept: false }] : [];
}

function kept(disk: { readonly isKept: boolean } | undefined): { readonly isKept?: true } {
  return disk?.isKept === true ? { isKept: true } : {};
}
