/** Where the volume service is, as the request's own catalogue has it. */
export interface VolumeEndpoint {
  /** `volumev3`, `volumev2`, `volume`, `block-storage`. */
  readonly type: string;
  readonly name: string | null;
  readonly region: string | null;
  /** By nova's word for it: `publicURL`, `internalURL`, `adminURL`. */
  readonly urls: Readonly<Record<string, string>>;
}

/** Whose rights count: the user's whose request brought a token, else the cell's own. */
export interface VolumeCaller {
  readonly token: string | null;
  readonly projectId: string | null;
  readonly endpoints: readonly VolumeEndpoint[];
  readonly signal: AbortSignal;
}

export interface VolumeUse {
  /** cinder's id. */
  readonly volumeId: string;
  readonly instanceUuid: string;
}

/** A volume that a build asks for: of what, and for which of the instance's devices. */
export interface VolumeWish {
  readonly instanceUuid: string;
  /** Names the device among the instance's: with it the same volume is found again. */
  readonly device: string;
  readonly snapshotId: string | null;
  readonly imageId: string | null;
  /** Null: as large as what it is made of. */
  readonly sizeGb: number | null;
  /** Of the cloud; used where the volume service has a zone of that name. */
  readonly zone: string | null;
}

/**
 * The volume service that the parent's users see, kept in step with the cloud's own. All methods may be called again, and
 * reject with a ProviderError, `unavailable` or `unauthorized`, or with a Failure `invalid` that says what is wrong with the
 * volume ({@link VolumeNotFree} where it is not free for the instance).
 */
export interface Volumes {
  /** The vendor's id of a volume. Throws `invalid` when nothing says which it is. */
  providerVolumeId(volumeId: string, caller: VolumeCaller): Promise<string>;
  /** Looks whether {@link reserve} would be granted. Changes nothing. */
  checkFree(use: VolumeUse, caller: VolumeCaller): Promise<void>;
  /** Keeps the volume for the instance. One that is being attached counts as kept before. */
  reserve(use: VolumeUse, caller: VolumeCaller): Promise<void>;
  /** Whether there is a volume service that can make volumes. */
  canMake(caller: VolumeCaller): boolean;
  /**
   * The volume of that wish, as the user: found, or made. The caller must have recorded that it may be. A Failure says what the
   * volume service has against it, `unauthorized` that the user's token has run out.
   */
  make(wish: VolumeWish, caller: VolumeCaller): Promise<string>;
  /** The volume that was made for the device; null: there is none. */
  findMade(made: Pick<VolumeWish, 'instanceUuid' | 'device'>, caller: VolumeCaller): Promise<string | null>;
  /** Whether it is ready to be used. A Failure `unavailable` when it came to nothing. */
  isMade(volumeId: string, caller: VolumeCaller): Promise<boolean>;
  /** It hangs at the instance. */
  attached(use: VolumeUse & { readonly deviceName: string }, caller: VolumeCaller): Promise<void>;
  /** Nobody else may use it while it is taken off. */
  beginDetaching(use: VolumeUse, caller: VolumeCaller): Promise<void>;
  /** The detach came to nothing. */
  rollDetaching(use: VolumeUse, caller: VolumeCaller): Promise<void>;
  /** It hangs at the instance no longer, or never did: free for others. A volume that is gone is no error. */
  free(use: VolumeUse, caller: VolumeCaller): Promise<void>;
  /**
   * Deletes a volume that was freed. One that is gone, or that nobody knows of here, is no error. `unavailable` while it is not free
   * yet, a Failure `conflict` where another server has it or the volume service keeps it: then it stays.
   */
  remove(use: VolumeUse, caller: VolumeCaller): Promise<void>;
}
