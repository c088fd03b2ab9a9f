import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { OfferingParameters } from '../planning/offering-parameters.js';
import type { RunInstancesInput } from '../ports/ec2-api.js';
import type { Ec2ProviderConfig } from '../settings/config.js';

type Disks = Pick<RunInstancesInput, 'rootDevice' | 'moreDevices'>;
type DiskSettings = Pick<Ec2ProviderConfig, 'rootVolumeType' | 'encrypted'>;

/** For disks that come with the machine; volumes that are attached later begin at `/dev/sdf`. */
const NAMES = [...'bcdefghijklmnop'].map((letter) => `/dev/sd${letter}`);

/** EC2 launches from images only. Throws `unsupported`, and `invalid` for more disks than there are names for. */
export function checkDisks({ rootDisk, disks = [] }: LaunchRequest): void {
  if (rootDisk !== undefined && rootDisk.source !== 'image') throw fromVolume(rootDisk.source);
  if (disks.length <= NAMES.length) return;
  throw new ProviderError('invalid', `${disks.length} disks`, {
    userMessage: `A server of this cloud comes with at most ${NAMES.length} disks besides its first; attach the others later.`,
  });
}

/** Pure. The root disk holds what was asked for or else the flavor promises, what the image needs and what nova wants for it. */
export function disksOf(config: DiskSettings, request: LaunchRequest, offering: OfferingParameters): Disks {
  const { flavor, image, rootDisk, disks = ephemeral(request) } = request;
  const kind = { volumeType: config.rootVolumeType, encrypted: config.encrypted };
  const sizeGb = Math.max(rootDisk?.sizeGb ?? flavor.rootGb, offering.imageRootGb, image.minDiskGb);
  const more = disks.map((disk, at) => ({ deviceName: NAMES[at] ?? '', sizeGb: disk.sizeGb, ...kind, ...kept(disk) }));
  return {
    rootDevice: { deviceName: offering.rootDeviceName, sizeGb, ...kind, ...kept(rootDisk) },
    ...(more.length === 0 ? {} : { moreDevices: more }),
  };
}

function ephemeral({ flavor: { ephemeralGb } }: LaunchRequest): NonNullable<LaunchRequest['disks']> {
  return ephemeralGb > 0 ? [{ sizeGb: ephemeralGb, isKept: false }] : [];
}

function kept(disk: { readonly isKept: boolean } | undefined): { readonly isKept?: true } {
  return disk?.isKept === true ? { isKept: true } : {};
}

function fromVolume(source: string): ProviderError {
  return new ProviderError('unsupported', `the request boots from a ${source}`, {
    subject: 'image',
    userMessage:
      'Booting from an existing volume or snapshot is not possible in this cloud; boot from an image (--block-device source=image,dest=volume keeps its disk).',
  });
}
