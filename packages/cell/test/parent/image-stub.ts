import { randomUUID } from 'node:crypto';
import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from './http-stub.js';

/** An image as Glance's v2 API shows it. Properties of the image's own stand beside the base ones. */
export type Image = Record<string, unknown> & { id: string };

interface PatchStep {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** Glance's base properties: the client tells an image's own ones from these by the schema. */
const STRINGS = ['id', 'name', 'status', 'visibility', 'checksum', 'owner', 'disk_format', 'container_format'];
const TIMES_AND_LINKS = ['created_at', 'updated_at', 'self', 'file', 'schema', 'direct_url'];
const NUMBERS = ['size', 'virtual_size', 'min_ram', 'min_disk'];

export const CIRROS = '00000000-0000-4000-8000-0000000000c1';
export const DEBIAN = '00000000-0000-4000-8000-0000000000de';

/** As much of Glance's v2 API as nova and its CLI use, in memory, with two images to begin with. */
export async function startImages(): Promise<HttpStub> {
  const images = new Map<string, Image>();
  for (const [id, name] of [
    [CIRROS, 'cirros'],
    [DEBIAN, 'debian'],
  ] as const) {
    add(images, { id, name, visibility: 'public', status: 'active', size: 1024, disk_format: 'raw', container_format: 'bare' });
  }
  let url = '';
  const stub = await serveStub((request) => answer(images, request, url));
  url = stub.url;
  return stub;
}

function answer(images: Map<string, Image>, request: StubRequest, url: string): StubAnswer | undefined {
  switch (request.path) {
    case '/':
    case '/versions':
      return { status: request.path === '/' ? 300 : 200, body: { versions: [versionOf(url)] } };
    case '/v2/schemas/image':
      return { status: 200, body: schema() };
    case '/v2/schemas/images':
      return { status: 200, body: { name: 'images', properties: { images: { type: 'array', items: schema() } } } };
    case '/v2/images':
      return request.method === 'POST' ? create(images, request, url) : list(images, request);
    default:
      return one(images, request);
  }
}

function versionOf(url: string): object {
  return { id: 'v2.6', status: 'CURRENT', links: [{ rel: 'self', href: `${url}/v2/` }] };
}

function create(images: Map<string, Image>, request: StubRequest, url: string): StubAnswer {
  const image = add(images, JSON.parse(request.body) as Record<string, unknown>);
  return { status: 201, body: image, headers: { location: `${url}/v2/images/${image.id}` } };
}

function list(images: Map<string, Image>, request: StubRequest): StubAnswer {
  const filters = [...request.query].filter(([key]) => ['id', 'name', 'status', 'visibility', 'owner'].includes(key));
  // The client looks a name up as `name=in:"cirros"` in some versions.
  const plain = (value: string): string => value.replace(/^in:"?|"$/g, '');
  const found = [...images.values()].filter((image) => filters.every(([key, value]) => String(image[key]) === plain(value)));
  const isLaterPage = request.query.has('marker');
  return { status: 200, body: { images: isLaterPage ? [] : found, first: '/v2/images', schema: '/v2/schemas/images' } };
}

function one(images: Map<string, Image>, request: StubRequest): StubAnswer | undefined {
  const [, id = '', file] = /^\/v2\/images\/([^/]+)(\/file)?$/.exec(request.path) ?? [];
  const image = images.get(id);
  if (image === undefined) return undefined;
  if (file !== undefined) return contents(image, request);
  if (request.method === 'DELETE') {
    images.delete(id);
    return { status: 204 };
  }
  if (request.method === 'PATCH') patch(image, JSON.parse(request.body) as PatchStep[]);
  return { status: 200, body: image };
}

/** Uploads are counted, not kept. */
function contents(image: Image, request: StubRequest): StubAnswer {
  if (request.method !== 'PUT') return { status: 204 };
  Object.assign(image, { size: request.body.length, status: 'active', updated_at: now() });
  return { status: 204 };
}

function patch(image: Image, steps: PatchStep[]): void {
  for (const { op, path, value } of steps) {
    const key = path.replace(/^\//, '');
    if (op === 'remove') delete image[key];
    else image[key] = value;
  }
  image.updated_at = now();
}

function add(images: Map<string, Image>, given: Record<string, unknown>): Image {
  const id = typeof given.id === 'string' ? given.id : randomUUID();
  const links = { self: `/v2/images/${id}`, file: `/v2/images/${id}/file`, schema: '/v2/schemas/image' };
  const image: Image = {
    ...{ name: null, status: 'queued', visibility: 'private', protected: false, tags: [], min_ram: 0, min_disk: 0 },
    ...{ size: null, virtual_size: null, checksum: null, owner: 'admin', disk_format: null, container_format: null },
    ...{ created_at: now(), updated_at: now(), ...given, ...links, id },
  };
  images.set(id, image);
  return image;
}

/** Glance's form: no fractions of a second. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

function schema(): object {
  const typed = (names: string[], type: string): [string, object][] => names.map((name) => [name, { type: ['null', type] }]);
  return {
    name: 'image',
    properties: {
      ...Object.fromEntries([...typed([...STRINGS, ...TIMES_AND_LINKS], 'string'), ...typed(NUMBERS, 'integer')]),
      protected: { type: 'boolean' },
      tags: { type: 'array' },
      locations: { type: 'array' },
    },
    additionalProperties: { type: 'string' },
  };
}
