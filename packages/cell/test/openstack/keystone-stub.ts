import type { ServiceUserOptions } from '../../src/openstack/service-user.js';
import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from '../parent/http-stub.js';

export const PASSWORD = 's3cret';

/** Keystone's two ways to give a token for a password. */
export class KeystoneStub {
  issued = 0;
  expiresAt = '2999-01-01T00:00:00.000000Z';
  /** What the next call is answered with in place of a token. */
  next: number | null = null;
  #http: HttpStub | undefined;

  async start(): Promise<this> {
    this.#http = await serveStub((request) => this.#answer(request));
    return this;
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }

  user(version: 'v3' | 'v2.0' | ''): ServiceUserOptions {
    const domains = { userDomainName: 'Default', projectDomainName: 'Default' };
    const authUrl = `${this.#http?.url}/${version}`;
    return { authUrl, username: 'burstcell', password: PASSWORD, projectName: 'service', ...domains };
  }

  #answer({ path, body }: StubRequest): StubAnswer | undefined {
    const forced = this.next;
    this.next = null;
    if (forced !== null) return { status: forced };
    if (!body.includes(`"${PASSWORD}"`) || !body.includes('"burstcell"') || !body.includes('"service"')) return { status: 401 };
    if (path === '/v3/auth/tokens') return this.#v3();
    return path === '/v2.0/tokens' ? this.#v2() : undefined;
  }

  #v3(): StubAnswer {
    return {
      status: 201,
      body: { token: { expires_at: this.expiresAt, project: { id: 'p-service' } } },
      headers: { 'x-subject-token': this.#token() },
    };
  }

  #v2(): StubAnswer {
    return {
      status: 200,
      body: { access: { token: { id: this.#token(), expires: this.expiresAt, tenant: { id: 'p-service' } } } },
    };
  }

  #token(): string {
    this.issued += 1;
    return `tok-cell-${this.issued}`;
  }
}
