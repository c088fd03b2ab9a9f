/** From the volume service's ids to the vendor's. */
export interface Volumes {
  /** The vendor's id of a cinder volume. Rejects when nothing says which it is. */
  providerVolumeId(volumeId: string): Promise<string>;
}

/** An operator's map; a volume that is not in it has the same id on both sides. */
export class MappedVolumes implements Volumes {
  constructor(private readonly map: Readonly<Record<string, string>>) {}

  async providerVolumeId(volumeId: string): Promise<string> {
    return this.map[volumeId] ?? volumeId;
  }
}
