import type { ImageSource } from '@burstcell/provider';

/** Whose rights count: the user's whose request brought a token, else the cell's own. */
export interface ImageCaller {
  readonly token: string | null;
  /** The cell never takes the caller's place: what counts is what the caller may see. */
  readonly alone?: boolean;
  readonly signal: AbortSignal;
}

/** What a record says of its image. */
export interface ImageFound {
  readonly name: string | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** What makes a record of the parent's one of an image that the provider keeps. */
export interface ImageContent {
  readonly properties: Readonly<Record<string, string>>;
  readonly providerImageId: string;
  /** Null leaves it as it is. */
  readonly minDiskGb: number | null;
}

/**
 * The image service that the parent's users see. All methods may be called again, and reject with a ProviderError:
 * `unavailable` while it does not answer, `unauthorized` when it lets neither the caller nor the cell in, `invalid`
 * for what it will never take.
 */
export interface ImageService {
  /**
   * Makes a queued record active: its properties, then a location, or a few bytes in place of a disk, since glance has no
   * active record without one of them and the disk itself stays with the provider. `gone`: somebody has deleted it.
   */
  fill(imageId: string, content: ImageContent, caller: ImageCaller): Promise<'filled' | 'gone'>;
  /** Deletes a record, as nova does with one whose snapshot failed; none is no error. */
  remove(imageId: string, caller: ImageCaller): Promise<void>;
  /** What a record says; null: there is none that the caller may see. */
  find(imageId: string, caller: ImageCaller): Promise<ImageFound | null>;
  /** Ids of the records of that name that the caller may see; those of the first page, where there are many. */
  named(name: string, caller: ImageCaller): Promise<readonly string[]>;
  /** The data of an active record, as the cell's own user sees it: an import outlives users' tokens. Rejects with `not-found` too. */
  source(imageId: string, signal: AbortSignal): Promise<ImageSource>;
  /** Resolves when the service answers and takes the cell's own user, where it has one. */
  probe(signal: AbortSignal): Promise<void>;
}
