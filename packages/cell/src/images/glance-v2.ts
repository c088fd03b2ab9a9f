import { type ImageSource, kindOf, ProviderError } from '@burstcell/provider';
import type { GlanceAnswer, GlanceSession } from './glance-session.js';
import type { ImageCaller, ImageContent, ImageFound, ImageService } from './image-service.js';
import { sourceOf } from './image-source.js';
import { GONE, isGone, PLACEHOLDER } from './placeholder.js';

interface Record2 {
  readonly status: string;
  readonly name?: string | null;
  readonly disk_format?: string | null;
  readonly container_format?: string | null;
  readonly checksum?: string | null;
  readonly size?: number | null;
}

/**
 * What stands beside a record's properties and is none (api-ref "Show image"). Its URLs may hold a store's credentials.
 */
const BASE: ReadonlySet<string> = new Set([
  ...['id', 'name', 'status', 'visibility', 'owner', 'checksum', 'disk_format', 'container_format', 'created_at', 'updated_at'],
  ...['file', 'schema', 'self', 'direct_url', 'os_hash_algo', 'os_hash_value', 'stores'],
]);

/** Glance's v2 API (api-ref "Image data", "Update image"): properties first, a location or data makes it active. */
export class GlanceV2 implements ImageService {
  constructor(
    private readonly session: GlanceSession,
    /** With the word {image}; null: records get data. */
    private readonly locationUrl: string | null = null,
  ) {}

  async fill(imageId: string, content: ImageContent, caller: ImageCaller): Promise<'filled' | 'gone'> {
    const record = await this.#find(imageId, caller);
    if (record === null) return 'gone';
    if (isGone(await this.#patch(imageId, steps(record, content), caller))) return 'gone';
    if (record.status === 'active' || (await this.#located(imageId, content, caller))) return 'filled';
    return this.#upload(imageId, caller);
  }

  async remove(imageId: string, caller: ImageCaller): Promise<void> {
    await this.session.ask({ method: 'DELETE', path: pathOf(imageId) }, caller);
  }

  async find(imageId: string, caller: ImageCaller): Promise<ImageFound | null> {
    const record = await this.#find(imageId, caller);
    if (record === null) return null;
    const texts = Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { name: record.name ?? null, properties: Object.fromEntries(texts.filter(([name]) => !BASE.has(name))) };
  }

  async named(name: string, caller: ImageCaller): Promise<readonly string[]> {
    const path = `/v2/images?name=${encodeURIComponent(name)}`;
    const { body } = await this.session.ask({ method: 'GET', path }, caller);
    return (JSON.parse(body) as { readonly images: readonly { readonly id: string }[] }).images.map(({ id }) => id);
  }

  async source(imageId: string, signal: AbortSignal): Promise<ImageSource> {
    const record = await this.#find(imageId, { token: null, signal });
    const read = (reading: AbortSignal) => this.session.stream(`${pathOf(imageId)}/file`, reading);
    return sourceOf(imageId, { checksum: record?.checksum, format: record?.disk_format, size: record?.size }, read);
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.session.ask({ method: 'GET', path: '/v2/images?limit=1' }, { token: null, signal });
  }

  #patch(imageId: string, changes: readonly object[], caller: ImageCaller): Promise<GlanceAnswer> {
    const headers = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
    return this.session.ask({ method: 'PATCH', path: pathOf(imageId), headers, body: JSON.stringify(changes) }, caller);
  }

  /**
   * Whether a location has made it active. Most glances take none from users (403: show_multiple_locations, OSSN-0065), and
   * none whose size they cannot ask for (400).
   */
  async #located(imageId: string, { providerImageId }: ImageContent, caller: ImageCaller): Promise<boolean> {
    if (this.locationUrl === null) return false;
    const url = this.locationUrl.replaceAll('{image}', encodeURIComponent(providerImageId));
    const change = { op: 'add', path: '/locations/-', value: { url, metadata: {} } };
    try {
      const { status, body } = await this.#patch(imageId, [change], caller);
      return status < 300 && (JSON.parse(body) as Record2).status === 'active';
    } catch (error) {
      if (kindOf(error) === 'unavailable') throw error;
      return false;
    }
  }

  /** 409: there is data already, ours of an earlier try or somebody's who was quicker. */
  async #upload(imageId: string, caller: ImageCaller): Promise<'filled' | 'gone'> {
    const headers = { 'content-type': 'application/octet-stream' };
    const put = { method: 'PUT', path: `${pathOf(imageId)}/file`, headers, body: PLACEHOLDER } as const;
    const answer = await this.session.ask(put, caller);
    if (answer.status !== 409) return isGone(answer) ? 'gone' : 'filled';
    const now = await this.#find(imageId, caller);
    if (now === null) return 'gone';
    if (now.status === 'active') return 'filled';
    throw new ProviderError('unavailable', `image ${imageId} is ${now.status}`);
  }

  async #find(imageId: string, caller: ImageCaller): Promise<Record2 | null> {
    const answer = await this.session.ask({ method: 'GET', path: pathOf(imageId) }, caller);
    if (isGone(answer)) return null;
    const record = JSON.parse(answer.body) as Record2;
    return GONE.has(record.status) ? null : record;
  }
}

function pathOf(imageId: string): string {
  return `/v2/images/${encodeURIComponent(imageId)}`;
}

/** `add` also replaces in this form of patch. Formats must be set before there can be data. */
function steps(record: Record2, { properties, minDiskGb }: ImageContent): readonly object[] {
  const values = {
    ...properties,
    ...(minDiskGb === null ? {} : { min_disk: minDiskGb }),
    ...(record.disk_format == null ? { disk_format: 'raw' } : {}),
    ...(record.container_format == null ? { container_format: 'bare' } : {}),
  };
  return Object.entries(values).map(([name, value]) => ({ op: 'add', path: `/${name}`, value }));
}
