import { Failure } from '../operations/failure.js';
import type { VolumeCaller, VolumeWish } from '../volumes.js';
import type { CinderClient, CinderVolume } from './cinder-client.js';

/** What names a made volume's instance and device, in its metadata; nobody else writes these. */
const INSTANCE = 'burstcell_instance';
const DEVICE = 'burstcell_device';

type Made = Pick<VolumeWish, 'instanceUuid' | 'device'>;

/** Volumes that are made for a build. cinder has no tokens for it: one that was made is found by what its metadata says. */
export class VolumeMaker {
  constructor(private readonly cinder: CinderClient) {}

  async make(wish: VolumeWish, caller: VolumeCaller): Promise<string> {
    const found = await this.find(wish, caller);
    if (found !== null) return found.id;
    const { instanceUuid, device, snapshotId, imageId, sizeGb } = wish;
    const zone = await this.#zone(wish, caller);
    return this.cinder.create(
      {
        name: nameOf(wish),
        metadata: { [INSTANCE]: instanceUuid, [DEVICE]: device },
        ...(sizeGb === null ? {} : { size: sizeGb }),
        ...(snapshotId === null ? {} : { snapshot_id: snapshotId }),
        ...(imageId === null ? {} : { imageRef: imageId }),
        ...(zone === null ? {} : { availability_zone: zone }),
      },
      caller,
    );
  }

  /** By name, since not every cinder lets users filter by metadata; a name proves nothing. */
  async find(made: Made, caller: VolumeCaller): Promise<CinderVolume | null> {
    const named = await this.cinder.named(nameOf(made), caller);
    return named.find(({ metadata }) => metadata[INSTANCE] === made.instanceUuid && metadata[DEVICE] === made.device) ?? null;
  }

  async isReady(volumeId: string, caller: VolumeCaller): Promise<boolean> {
    const volume = await this.cinder.volume(volumeId, caller);
    if (volume === null || volume.status.startsWith('error')) throw cameToNothing(volumeId, volume?.status ?? 'gone');
    return !['creating', 'downloading'].includes(volume.status);
  }

  /** Null where cinder's zones are not the cloud's. */
  async #zone({ zone }: VolumeWish, caller: VolumeCaller): Promise<string | null> {
    return zone !== null && (await this.cinder.zones(caller)).includes(zone) ? zone : null;
  }
}

function nameOf({ instanceUuid, device }: Made): string {
  return `${instanceUuid}-${device}`;
}

function cameToNothing(volumeId: string, status: string): Failure {
  return new Failure('unavailable', `The volume service could not make volume ${volumeId}: it is ${status}.`, 503);
}
