import type { ImageRequest } from './launch.js';
import type { CallOptions } from './provider.js';

/** An image's data, as the image service above has it. */
export interface ImageSource {
  /** Of the data: images of one checksum are one image. */
  readonly checksum: string;
  /** glance's `disk_format`: `raw`, `qcow2`, `vmdk`, `vhd`, … */
  readonly format: string;
  readonly sizeBytes: number;
  /** The data from its beginning, as often as it is asked for. */
  read(signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export type ImportState =
  | { readonly state: 'done'; readonly providerImageId: string }
  | {
      readonly state: 'under-way';
      /** 0 to 100; null where nobody says. */
      readonly progress: number | null;
    };

/**
 * Brings an image over that the vendor has no counterpart of, in as many calls as it takes: each looks how far it has
 * come and goes on from there, in any replica. All who ask for images of one checksum share one import. Null: it has a
 * counterpart, and `source` was not asked. Rejects with `unsupported` for a format that cannot be brought over, `invalid`
 * when the vendor could make nothing of the data, and with what `source` rejects with.
 */
export type ImportImage = (
  image: ImageRequest,
  source: () => Promise<ImageSource>,
  options?: CallOptions & {
    /** Whose servers are to be made of it: that decides where it is brought to, in a cloud of several accounts. */
    readonly projectId?: string;
    /** The machine whose root disk it is to become: then it is brought to where that is. */
    readonly providerId?: string;
  },
) => Promise<ImportState | null>;

/** An image that was brought over, or that is on its way: as far as the vendor shows it. Plain data. */
export interface ImageImport {
  readonly name: string | null;
  readonly checksum: string | null;
  readonly format: string | null;
  readonly sizeBytes: number | null;
  /** The vendor's account that it is in; null: the provider's own. */
  readonly account: string | null;
  readonly state: 'under-way' | 'done' | 'failed';
  /** 0 to 100; null where nobody says. */
  readonly progress: number | null;
  /** ISO 8601: when it was done. */
  readonly doneAt: string | null;
  readonly providerImageId: string | null;
  /** Why it failed, in the vendor's words. */
  readonly reason: string | null;
}

/** What {@link ImportImage} has brought over and is bringing. What the vendor does not have yet is not among it. */
export type ListImports = (options?: CallOptions) => Promise<readonly ImageImport[]>;
