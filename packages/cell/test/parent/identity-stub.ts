import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from './http-stub.js';

/** Where the other services are; asked at each token, since they start after this one. */
export interface CatalogUrls {
  compute?: string;
  image?: string;
  /** cinder's, of a project. */
  volume?: (project: string) => string;
}

export interface Who {
  user: string;
  project: string;
}

/** Tokens last longer than any run. */
const TOKEN_LIFE_MS = 24 * 3_600_000;

/**
 * As much of Keystone's v3 API as keystonemiddleware, keystoneauth and the nova CLI use: any user with any password is
 * let in, ids equal names, and `admin` is the administrator. A token says in itself whose it is.
 */
export async function startIdentity(catalog: () => CatalogUrls): Promise<HttpStub> {
  let url = '';
  const stub = await serveStub((request) => answer(request, url, catalog()));
  url = `${stub.url}/v3`;
  return { url, close: stub.close };
}

export function tokenOf(who: Who): string {
  return `bed-${Buffer.from(JSON.stringify(who)).toString('base64url')}`;
}

function whoHas(token: string): Who | undefined {
  if (!token.startsWith('bed-')) return undefined;
  return JSON.parse(Buffer.from(token.slice('bed-'.length), 'base64url').toString('utf8')) as Who;
}

function answer(request: StubRequest, url: string, urls: CatalogUrls): StubAnswer | undefined {
  if (request.path === '/') return { status: 300, body: { versions: { values: [version(url)] } } };
  if (request.path === '/v3') return { status: 200, body: { version: version(url) } };
  if (request.path === '/v3/auth/tokens')
    return request.method === 'POST' ? issue(request, url, urls) : validate(request, url, urls);
  return named(request.path);
}

function version(url: string): object {
  return {
    id: 'v3.10',
    status: 'stable',
    updated: '2018-02-28T00:00:00Z',
    'media-types': [],
    links: [{ rel: 'self', href: `${url}/` }],
  };
}

interface AuthBody {
  auth: {
    identity: { password?: { user: { name?: string; id?: string } }; token?: { id: string } };
    scope?: { project?: { name?: string; id?: string } };
  };
}

function issue(request: StubRequest, url: string, urls: CatalogUrls): StubAnswer {
  const { auth } = JSON.parse(request.body) as AuthBody;
  const given = auth.identity.password?.user;
  const held = whoHas(auth.identity.token?.id ?? '');
  const user = given?.name ?? given?.id ?? held?.user ?? 'nobody';
  const project = auth.scope?.project?.name ?? auth.scope?.project?.id ?? held?.project ?? user;
  return {
    status: 201,
    body: { token: tokenBody({ user, project }, url, urls) },
    headers: { 'x-subject-token': tokenOf({ user, project }) },
  };
}

function validate(request: StubRequest, url: string, urls: CatalogUrls): StubAnswer | undefined {
  const who = whoHas(String(request.headers['x-subject-token'] ?? ''));
  return who && { status: 200, body: { token: tokenBody(who, url, urls) } };
}

function tokenBody(who: Who, url: string, urls: CatalogUrls): object {
  const domain = { id: 'default', name: 'Default' };
  const roles = who.user === 'admin' ? ['admin', 'member'] : ['member'];
  return {
    methods: ['password'],
    user: { id: who.user, name: who.user, domain },
    project: { id: who.project, name: who.project, domain },
    roles: roles.map((name) => ({ id: name, name })),
    catalog: [
      service('identity', 'keystone', url),
      service('compute', 'nova', urls.compute),
      service('image', 'glance', urls.image),
      service('volumev2', 'cinderv2', urls.volume?.(who.project)),
      service('volumev3', 'cinderv3', urls.volume?.(who.project)),
    ],
    audit_ids: ['bed'],
    is_domain: false,
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + TOKEN_LIFE_MS).toISOString(),
  };
}

function service(type: string, name: string, url: string | undefined): object {
  const faces = ['public', 'internal', 'admin'];
  const endpoints = faces.map((face) => ({
    id: `${type}-${face}`,
    interface: face,
    region: 'RegionOne',
    region_id: 'RegionOne',
    url,
  }));
  return { id: type, type, name, endpoints: url === undefined ? [] : endpoints };
}

/** Users and projects are what anybody says they are. */
function named(path: string): StubAnswer | undefined {
  const [, kind, name] = /^\/v3\/(user|project)s\/([^/]+)$/.exec(path) ?? [];
  if (kind === undefined) return undefined;
  return { status: 200, body: { [kind]: { id: name, name, domain_id: 'default', enabled: true, links: {} } } };
}
