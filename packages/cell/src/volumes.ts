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
