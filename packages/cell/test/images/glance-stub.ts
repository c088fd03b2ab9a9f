import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from '../parent/http-stub.js';

interface PatchStep {
  readonly path: string;
  readonly value: unknown;
}

/** A glance of two API versions with records in memory, for what its clients must cope with. */
export class GlanceStub {
  readonly records = new Map<string, Record<string, unknown>>();
  /** Tokens it takes; null: all, and none. */
  tokens: readonly string[] | null = null;
  /** Tokens that came, in order. */
  readonly seen: (string | null)[] = [];
  readonly uploads: string[] = [];
  /** What becomes of a location: the status it is refused with, by default as where show_multiple_locations is off. */
  locations: number | 'taken' = 403;
  /** Statuses of the next answers, first to last; null: it answers as usual. */
  readonly next: (number | null)[] = [];
  #http: HttpStub | undefined;

  async start(): Promise<this> {
    this.#http = await serveStub((request) => this.#answer(request));
    return this;
  }

  get url(): string {
    return this.#http?.url ?? '';
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }

  queue(id: string, more: Record<string, unknown> = {}): void {
    this.records.set(id, { id, status: 'queued', disk_format: null, container_format: null, kept: 'yes', ...more });
  }

  #answer({ method, path, query, headers, body }: StubRequest): StubAnswer | undefined {
    const token = headers['x-auth-token'];
    this.seen.push(typeof token === 'string' ? token : null);
    const forced = this.next.shift();
    if (forced != null) return { status: forced };
    if (this.tokens !== null && (typeof token !== 'string' || !this.tokens.includes(token))) return { status: 401 };
    const [, version, id = '', file] = /^\/(v[12])\/images\/([^/]+)(\/file)?$/.exec(path) ?? [];
    if (version === undefined) return { status: 200, body: { images: this.#named(query.get('name')) } };
    const record = this.records.get(id);
    if (record === undefined) return undefined;
    if (method === 'DELETE') return this.#delete(id);
    if (version === 'v1') return this.#v1(record, method, { headers, body });
    if (file !== undefined && method === 'GET') return { status: 200, body: record.data };
    return this.#v2(record, file === undefined ? method : 'UPLOAD', body);
  }

  #named(name: string | null): readonly object[] {
    return [...this.records.values()].filter((record) => record.name === name);
  }

  #delete(id: string): StubAnswer {
    this.records.delete(id);
    return { status: 204 };
  }

  #v2(record: Record<string, unknown>, method: string, body: string): StubAnswer {
    if (method === 'UPLOAD') return this.#upload(record, body);
    if (method === 'PATCH') {
      const steps = JSON.parse(body) as PatchStep[];
      const location = steps.find(({ path }) => path === '/locations/-');
      if (location !== undefined) return this.#locate(record, location.value);
      for (const { path, value } of steps) record[path.slice(1)] = value;
    }
    return { status: 200, body: record };
  }

  #locate(record: Record<string, unknown>, location: unknown): StubAnswer {
    if (this.locations !== 'taken') return { status: this.locations };
    Object.assign(record, { locations: [location], status: 'active' });
    return { status: 200, body: record };
  }

  #v1(record: Record<string, unknown>, method: string, { headers, body }: Pick<StubRequest, 'headers' | 'body'>): StubAnswer {
    if (method === 'PUT') {
      if (headers['x-glance-registry-purge-props'] !== 'false') delete record.kept;
      for (const [name, value] of Object.entries(headers)) {
        const [, key] = /^x-image-meta-(?:property-)?(.+)$/.exec(name) ?? [];
        if (key !== undefined) record[key] = value;
      }
      if (body !== '') return this.#upload(record, body);
    }
    if (method === 'GET') return { status: 200, body: record.data };
    const shown = Object.entries(record).map(([name, value]) => [`x-image-meta-${name}`, String(value ?? 'None')]);
    return { status: 200, headers: Object.fromEntries(shown) as Record<string, string> };
  }

  #upload(record: Record<string, unknown>, body: string): StubAnswer {
    if (record.status !== 'queued') return { status: 409 };
    if (record.disk_format === null || record.container_format === null) return { status: 400 };
    this.uploads.push(body);
    record.status = 'active';
    return { status: 204 };
  }
}
