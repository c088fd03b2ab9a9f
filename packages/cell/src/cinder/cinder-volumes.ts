import { ProviderError } from '@burstcell/provider';
import { Failure } from '../operations/failure.js';
import { VolumeNotFree } from '../operations/volume-not-free.js';
import type { VolumeCaller, Volumes, VolumeUse, VolumeWish } from '../volumes.js';
import type { CinderClient, CinderVolume } from './cinder-client.js';
import { VolumeMaker } from './volume-maker.js';

export interface CinderVolumesOptions {
  /** cinder's id → the vendor's, by the operator. */
  readonly volumeMap: Readonly<Record<string, string>>;
  /** Key of a volume's metadata that holds the vendor's id; null: metadata is not looked at. */
  readonly providerIdProperty: string | null;
}

/**
 * Volumes of the parent's cinder. Without a cinder the map alone tells which volume is which, and one that is not
 * in it has the same id on both sides.
 */
export class CinderVolumes implements Volumes {
  readonly #maker: VolumeMaker;

  constructor(
    private readonly cinder: CinderClient,
    private readonly options: CinderVolumesOptions,
  ) {
    this.#maker = new VolumeMaker(cinder);
  }

  async providerVolumeId(volumeId: string, caller: VolumeCaller): Promise<string> {
    const { volumeMap, providerIdProperty } = this.options;
    const mapped = Object.hasOwn(volumeMap, volumeId) ? volumeMap[volumeId] : undefined;
    if (mapped !== undefined) return mapped;
    if (!this.cinder.isKnown(caller)) return volumeId;
    const told = providerIdProperty === null ? undefined : (await this.#volume(volumeId, caller)).metadata[providerIdProperty];
    if (told !== undefined && told !== '') return told;
    const where = providerIdProperty === null ? '' : ` Its metadata has no ${providerIdProperty}.`;
    throw new Failure(
      'invalid',
      `Volume ${volumeId} is not in this cloud, or nothing says which of its volumes it is.${where}`,
      400,
    );
  }

  async checkFree(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    if (!this.cinder.isKnown(caller)) return;
    const volume = await this.#volume(use.volumeId, caller);
    if (volume.status !== 'available' && !isAttached(volume, use))
      throw new VolumeNotFree(use.volumeId, volume.status, 'available');
  }

  async reserve(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    if (!this.cinder.isKnown(caller)) return;
    const volume = await this.#volume(use.volumeId, caller);
    // From Pike on the parent reserves what a server is booted with, and newer cinders have another word for it.
    if (['attaching', 'reserved'].includes(volume.status) || isAttached(volume, use)) return;
    const isReserved = volume.status === 'available' && (await this.cinder.act(use.volumeId, 'os-reserve', caller));
    if (!isReserved) throw new VolumeNotFree(use.volumeId, volume.status, 'available');
  }

  canMake(caller: VolumeCaller): boolean {
    return this.cinder.isKnown(caller);
  }

  make(wish: VolumeWish, caller: VolumeCaller): Promise<string> {
    return this.#maker.make(wish, caller);
  }

  async findMade(made: Pick<VolumeWish, 'instanceUuid' | 'device'>, caller: VolumeCaller): Promise<string | null> {
    return this.cinder.isKnown(caller) ? ((await this.#maker.find(made, caller))?.id ?? null) : null;
  }

  isMade(volumeId: string, caller: VolumeCaller): Promise<boolean> {
    return this.#maker.isReady(volumeId, caller);
  }

  async attached(use: VolumeUse & { readonly deviceName: string }, caller: VolumeCaller): Promise<void> {
    if (!this.cinder.isKnown(caller) || isAttached(await this.#volume(use.volumeId, caller), use)) return;
    const values = { instance_uuid: use.instanceUuid, mountpoint: use.deviceName, mode: 'rw' };
    if (await this.cinder.act(use.volumeId, 'os-attach', caller, values)) return;
    throw new Failure('conflict', 'The volume service does not let the volume be attached: somebody changed it meanwhile.', 409);
  }

  async beginDetaching(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    const volume = await this.#existing(use, caller);
    if (volume === null || volume.status !== 'in-use' || !isAttached(volume, use)) return;
    if (!(await this.cinder.act(use.volumeId, 'os-begin_detaching', caller)))
      throw new VolumeNotFree(use.volumeId, 'busy', 'in-use');
  }

  async rollDetaching(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    const volume = await this.#existing(use, caller);
    if (volume?.status === 'detaching' && isAttached(volume, use))
      await this.cinder.act(use.volumeId, 'os-roll_detaching', caller);
  }

  async free(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    const volume = await this.#existing(use, caller);
    if (volume === null) return;
    if (volume.status === 'attaching') await this.cinder.act(use.volumeId, 'os-unreserve', caller);
    const attachment = volume.attachments.find(({ server_id: server }) => server === use.instanceUuid);
    if (attachment === undefined) return;
    const { attachment_id: id } = attachment;
    await this.cinder.act(use.volumeId, 'os-detach', caller, id === undefined ? {} : { attachment_id: id });
  }

  async remove(use: VolumeUse, caller: VolumeCaller): Promise<void> {
    const volume = await this.#existing(use, caller);
    if (volume === null || volume.status === 'deleting') return;
    if (volume.attachments.some(({ server_id: server }) => server !== use.instanceUuid))
      throw kept(volume, 'another server has it');
    if (volume.status !== 'available' && !volume.status.startsWith('error')) throw notFreeYet(volume);
    // Snapshots of it, a consistency group, a quota of another service: cinder knows, and nothing of it goes away by itself.
    if (!(await this.cinder.remove(use.volumeId, caller))) throw kept(volume, 'the volume service refuses');
  }

  /** Null also where there is no cinder. */
  async #existing({ volumeId }: VolumeUse, caller: VolumeCaller): Promise<CinderVolume | null> {
    return this.cinder.isKnown(caller) ? this.cinder.volume(volumeId, caller) : null;
  }

  async #volume(volumeId: string, caller: VolumeCaller): Promise<CinderVolume> {
    const volume = await this.cinder.volume(volumeId, caller);
    if (volume === null) throw new Failure('invalid', `Volume ${volumeId} could not be found.`, 400);
    return volume;
  }
}

function kept({ id }: CinderVolume, why: string): Failure {
  return new Failure('conflict', `Volume ${id} was to be deleted with its server and stays: ${why}.`, 409);
}

function notFreeYet({ id, status }: CinderVolume): ProviderError {
  return new ProviderError('unavailable', `volume ${id} is ${status} and cannot be deleted yet`, {
    userMessage: 'The volume is not free yet.',
  });
}

function isAttached({ attachments }: CinderVolume, { instanceUuid }: VolumeUse): boolean {
  return attachments.some(({ server_id: server }) => server === instanceUuid);
}
