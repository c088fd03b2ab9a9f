import { type ImageSource, ProviderError } from '@burstcell/provider';
import type { GlanceAnswer, GlanceSession } from './glance-session.js';
import type { ImageCaller, ImageContent, ImageFound, ImageService } from './image-service.js';
import { sourceOf } from './image-source.js';
import { GONE, isGone, PLACEHOLDER } from './placeholder.js';

const PROPERTY = 'x-image-meta-property-';

/** Glance's v1 API, the only one that early releases speak: what is known of an image travels in headers. */
export class GlanceV1 implements ImageService {
  constructor(private readonly session: GlanceSession) {}

  async fill(imageId: string, content: ImageContent, caller: ImageCaller): Promise<'filled' | 'gone'> {
    const found = await this.#find(imageId, caller);
    if (found === null) return 'gone';
    const isActive = statusOf(found) === 'active';
    const headers = { ...changes(found, content), ...(isActive ? {} : { 'content-type': 'application/octet-stream' }) };
    const put = { method: 'PUT', path: pathOf(imageId), headers, ...(isActive ? {} : { body: PLACEHOLDER }) } as const;
    const answer = await this.session.ask(put, caller);
    if (answer.status === 409) throw new ProviderError('unavailable', `image ${imageId} is being written`);
    return isGone(answer) ? 'gone' : 'filled';
  }

  async remove(imageId: string, caller: ImageCaller): Promise<void> {
    await this.session.ask({ method: 'DELETE', path: pathOf(imageId) }, caller);
  }

  async find(imageId: string, caller: ImageCaller): Promise<ImageFound | null> {
    const found = await this.#find(imageId, caller);
    if (found === null) return null;
    const properties = [...found.headers].filter(([name]) => name.startsWith(PROPERTY));
    return {
      name: found.headers.get('x-image-meta-name'),
      properties: Object.fromEntries(properties.map(([name, value]) => [name.slice(PROPERTY.length), value])),
    };
  }

  async named(name: string, caller: ImageCaller): Promise<readonly string[]> {
    const path = `/v1/images?name=${encodeURIComponent(name)}`;
    const { body } = await this.session.ask({ method: 'GET', path }, caller);
    return (JSON.parse(body) as { readonly images: readonly { readonly id: string }[] }).images.map(({ id }) => id);
  }

  async source(imageId: string, signal: AbortSignal): Promise<ImageSource> {
    const headers = (await this.#find(imageId, { token: null, signal }))?.headers;
    const fact = (name: string) => headers?.get(`x-image-meta-${name}`) ?? null;
    const facts = { checksum: fact('checksum'), format: fact('disk_format'), size: Number(fact('size')) };
    return sourceOf(imageId, facts, (reading) => this.session.stream(pathOf(imageId), reading));
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.session.ask({ method: 'GET', path: '/v1/images?limit=1' }, { token: null, signal });
  }

  async #find(imageId: string, caller: ImageCaller): Promise<GlanceAnswer | null> {
    const answer = await this.session.ask({ method: 'HEAD', path: pathOf(imageId) }, caller);
    return isGone(answer) || GONE.has(statusOf(answer)) ? null : answer;
  }
}

function pathOf(imageId: string): string {
  return `/v1/images/${encodeURIComponent(imageId)}`;
}

function statusOf({ headers }: GlanceAnswer): string {
  return headers.get('x-image-meta-status') ?? '';
}

/** Without the first line glance would drop every property that is not named. */
function changes({ headers }: GlanceAnswer, { properties, minDiskGb }: ImageContent): Record<string, string> {
  const named = Object.entries(properties).map(([name, value]) => [`${PROPERTY}${name}`, value] as const);
  const isUnset = (name: string) => ['', 'None'].includes(headers.get(`x-image-meta-${name}`) ?? '');
  return {
    'x-glance-registry-purge-props': 'false',
    ...Object.fromEntries(named),
    ...(minDiskGb === null ? {} : { 'x-image-meta-min_disk': String(minDiskGb) }),
    ...(isUnset('disk_format') ? { 'x-image-meta-disk_format': 'raw' } : {}),
    ...(isUnset('container_format') ? { 'x-image-meta-container_format': 'bare' } : {}),
  };
}
