import { randomUUID } from 'node:crypto';
import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from './http-stub.js';

/** A rule as Neutron's API shows it; what is absent is null there. */
export interface StubRule {
  direction: 'ingress' | 'egress';
  ethertype?: 'IPv4' | 'IPv6';
  protocol?: string | null;
  port_range_min?: number | null;
  port_range_max?: number | null;
  remote_ip_prefix?: string | null;
  remote_group_id?: string | null;
}

export interface StubGroup {
  id: string;
  name: string;
  tenant_id: string;
  security_group_rules: StubRule[];
}

export interface NetworkStub extends HttpStub {
  /** With the rules of a new group, unless told: everything out. */
  add(group: Partial<StubGroup>): StubGroup;
  remove(id: string): void;
  /** A port with these groups; answers its id. */
  addPort(groupIds: readonly string[]): string;
  /** Queries of the lists that were asked for. */
  readonly asked: string[];
  /** Answers instead of the service, once, where it wants to. */
  instead(answer: (request: StubRequest) => StubAnswer | undefined): void;
  /** Groups in a page from now on. */
  pageSize: number;
}

const OUT: StubRule[] = [
  { direction: 'egress', ethertype: 'IPv4' },
  { direction: 'egress', ethertype: 'IPv6' },
];

/** As much of Neutron's API as the cell uses, in memory. A project that is asked for has a default group from then on. */
export async function startNetwork(): Promise<NetworkStub> {
  const groups = new Map<string, StubGroup>();
  const ports = new Map<string, readonly string[]>();
  const asked: string[] = [];
  const others: ((request: StubRequest) => StubAnswer | undefined)[] = [];
  const add = (given: Partial<StubGroup>): StubGroup => {
    const group = { id: randomUUID(), name: 'web', tenant_id: 'p', security_group_rules: OUT, ...given };
    groups.set(group.id, group);
    return group;
  };
  const stub = await serveStub((request) => {
    if (!['/v2.0/security-groups', '/v2.0/ports'].includes(request.path) || request.method !== 'GET') return undefined;
    asked.push(request.query.toString());
    const other = others.shift()?.(request);
    if (other !== undefined) return other;
    if (!String(request.headers['x-auth-token'] ?? '').startsWith('bed-')) return { status: 401, body: {} };
    if (request.path === '/v2.0/ports') return { status: 200, body: { ports: portsOf(ports, request.query) } };
    const tenant = request.query.get('tenant_id');
    const known = [...groups.values()];
    if (tenant !== null && !known.some((group) => group.tenant_id === tenant && group.name === 'default'))
      add({ name: 'default', tenant_id: tenant });
    return { status: 200, body: pageOf(matching([...groups.values()], request.query), request.query, network.pageSize) };
  });
  const network: NetworkStub = {
    ...stub,
    ...{ add, asked, pageSize: Number.POSITIVE_INFINITY },
    remove: (id) => void groups.delete(id),
    addPort: (groupIds) => {
      const id = randomUUID();
      ports.set(id, groupIds);
      return id;
    },
    instead: (answer) => void others.push(answer),
  };
  return network;
}

function portsOf(ports: ReadonlyMap<string, readonly string[]>, query: URLSearchParams): readonly object[] {
  return query.getAll('id').flatMap((id) => (ports.has(id) ? [{ id, security_groups: ports.get(id) }] : []));
}

function matching(groups: readonly StubGroup[], query: URLSearchParams): readonly StubGroup[] {
  const [tenants, ids] = [query.getAll('tenant_id'), query.getAll('id')];
  return groups.filter(
    ({ tenant_id: tenant, id }) => (tenants.length === 0 || tenants.includes(tenant)) && (ids.length === 0 || ids.includes(id)),
  );
}

/** The link names the address that Neutron believes to be its own. */
function pageOf(groups: readonly StubGroup[], query: URLSearchParams, pageSize: number): object {
  const from = groups.findIndex(({ id }) => id === query.get('marker')) + 1;
  const page = groups.slice(from, from + Math.min(pageSize, Number(query.get('limit') ?? pageSize)));
  const last = page.at(-1);
  if (last === undefined || from + page.length >= groups.length) return { security_groups: page };
  const next = new URLSearchParams(query);
  next.set('marker', last.id);
  const href = `http://neutron.internal:9696/v2.0/security-groups?${next}`;
  return { security_groups: page, security_groups_links: [{ rel: 'next', href }] };
}
