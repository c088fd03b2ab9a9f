import { Readable } from 'node:stream';
import { type ImageSource, ProviderError } from '@burstcell/provider';
import type { ImageCaller, ImageContent, ImageFound, ImageService } from '../../src/images/image-service.js';

export interface MemoryRecord {
  status: 'queued' | 'active';
  properties: Readonly<Record<string, string>>;
  minDiskGb: number | null;
  /** Whose token it was filled with. */
  token: string | null;
}

/** An image service in memory: records that a parent has queued, and misfortunes to order. */
export class MemoryImages implements ImageService {
  readonly records = new Map<string, MemoryRecord>();
  /** What records say of their images. */
  readonly found = new Map<string, ImageFound>();
  readonly finders: ImageCaller[] = [];
  /** What the next calls fail with, first to last. */
  readonly failures: ('unavailable' | 'unauthorized')[] = [];

  queue(...imageIds: readonly string[]): void {
    for (const id of imageIds) this.records.set(id, { status: 'queued', properties: {}, minDiskGb: null, token: null });
  }

  statuses(...imageIds: readonly string[]): readonly (string | undefined)[] {
    return imageIds.map((id) => this.records.get(id)?.status);
  }

  async fill(imageId: string, { properties, minDiskGb }: ImageContent, { token }: ImageCaller): Promise<'filled' | 'gone'> {
    this.#stumble();
    if (!this.records.has(imageId)) return 'gone';
    this.records.set(imageId, { status: 'active', properties, minDiskGb, token });
    return 'filled';
  }

  async remove(imageId: string): Promise<void> {
    this.#stumble();
    this.records.delete(imageId);
  }

  async find(imageId: string, caller: ImageCaller): Promise<ImageFound | null> {
    this.finders.push(caller);
    this.#stumble();
    return this.found.get(imageId) ?? null;
  }

  async named(name: string): Promise<readonly string[]> {
    this.#stumble();
    return [...this.found].filter(([, found]) => found.name === name).map(([id]) => id);
  }

  async source(imageId: string): Promise<ImageSource> {
    this.#stumble();
    return { checksum: `of ${imageId}`, format: 'raw', sizeBytes: 4, read: async () => Readable.from([Buffer.from('disk')]) };
  }

  async probe(): Promise<void> {}

  #stumble(): void {
    const kind = this.failures.shift();
    if (kind !== undefined) throw new ProviderError(kind, 'to order');
  }
}
