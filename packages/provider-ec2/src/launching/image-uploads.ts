import type { ImageSource, ImportState } from '@burstcell/provider';
import { toProviderError } from '../limits/errors.js';
import type { Log } from '../log.js';
import type { ImageStore } from '../ports/image-store.js';
import { type RawDisk, RawDisks, whole } from './raw-disk.js';

/** An upload that this process has under way. */
interface Upload {
  bytes: number;
  error?: unknown;
}

/** The way of images into the bucket. An upload that its process did not end begins again: half of it is nothing. */
export class ImageUploads {
  readonly #underWay = new Map<string, Upload>();
  readonly #closing = new AbortController();
  readonly #rawDisks = new RawDisks();
  #canConvert: Promise<boolean> | undefined;

  constructor(
    private readonly store: ImageStore,
    private readonly log: Log,
  ) {}

  /** qcow2 is what AWS does not take and most images are: it becomes raw here. */
  async canTake(format: string): Promise<boolean> {
    if (format !== 'qcow2') return true;
    this.#canConvert ??= this.#rawDisks.areMade();
    return this.#canConvert;
  }

  /**
   * Null once it is in the bucket. Until then it goes on beside whoever asks, so that nobody is held up for as long as it
   * takes; what went wrong is thrown at the next who asks, and the one after begins anew.
   */
  async under(key: string, from: ImageSource): Promise<ImportState | null> {
    if (await this.#isThere(key)) return null;
    const known = this.#underWay.get(key);
    if (known?.error !== undefined) {
      this.#underWay.delete(key);
      throw toProviderError(known.error);
    }
    const upload = known ?? this.#begin(key, from);
    const progress = from.sizeBytes === 0 ? null : Math.min(50, Math.floor((50 * upload.bytes) / from.sizeBytes));
    this.log.info('image import: on its way to the bucket', { key, bytes: upload.bytes, of: from.sizeBytes });
    return { state: 'under-way', progress };
  }

  close(): void {
    this.#closing.abort();
  }

  #begin(key: string, from: ImageSource): Upload {
    const upload: Upload = { bytes: 0 };
    this.#underWay.set(key, upload);
    this.#carry(key, from, upload).then(
      () => this.#underWay.delete(key),
      (error) => {
        upload.error = error;
      },
    );
    return upload;
  }

  async #carry(key: string, from: ImageSource, upload: Upload): Promise<void> {
    const { signal } = this.#closing;
    const onProgress = (bytes: number) => {
      upload.bytes = bytes;
    };
    const disk = from.format === 'qcow2' ? await this.#rawDisks.make(from, signal) : await asItIs(from, signal);
    try {
      await this.store.put(key, disk.data, { sizeBytes: disk.sizeBytes, onProgress, signal });
    } finally {
      await disk.dispose();
    }
  }

  async #isThere(key: string): Promise<boolean> {
    try {
      return await this.store.holds(key);
    } catch (error) {
      throw toProviderError(error);
    }
  }
}

async function asItIs(from: ImageSource, signal: AbortSignal): Promise<RawDisk> {
  return { sizeBytes: from.sizeBytes, data: whole(await from.read(signal), from.sizeBytes), dispose: async () => {} };
}
