import { ProviderError } from '@burstcell/provider';
import { SERVICE_REQUEST_MS, TOKEN_MARGIN_MS } from '../timings.js';

/** The cell's own user at keystone, in the words of nova.conf's sections. */
export interface ServiceUserOptions {
  /** Keystone's; v3 unless it ends in `v2.0`. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
}

/** A token, and the project it is for, which is part of cinder's URLs. */
export interface Token {
  readonly id: string;
  readonly projectId: string | null;
}

interface DatedToken extends Token {
  readonly expiresAt: number;
}

/** The cell's own user at keystone: its token, kept until it expires. */
export class ServiceUser {
  #token: DatedToken | null = null;

  constructor(
    private readonly options: ServiceUserOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /** Rejects with a ProviderError: `unauthorized` or `unavailable`. */
  async token(signal: AbortSignal): Promise<Token> {
    if (this.#token === null || this.#token.expiresAt - TOKEN_MARGIN_MS <= this.now()) this.#token = await this.#issue(signal);
    return this.#token;
  }

  /** It was refused: the next one is asked for anew. */
  forget(): void {
    this.#token = null;
  }

  async #issue(signal: AbortSignal): Promise<DatedToken> {
    const form = this.options.authUrl.replace(/\/+$/, '').endsWith('/v2.0') ? FORMS.v2 : FORMS.v3;
    const response = await this.#post(form.path(this.options.authUrl), form.body(this.options), signal);
    if (response.status >= 500 || response.status === 429) throw away(`keystone answered ${response.status}`);
    const token = response.ok ? form.read(response) : null;
    if (token !== null && !Number.isNaN(token.expiresAt)) return token;
    throw new ProviderError('unauthorized', `keystone refused the cell's user: ${response.status}`, {
      userMessage: 'The cell is not let in by the identity service; tell your cloud operator.',
    });
  }

  async #post(url: string, body: object, signal: AbortSignal): Promise<Issued> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(SERVICE_REQUEST_MS)]),
      });
      const text = await response.text();
      const subject = response.headers.get('x-subject-token');
      return { status: response.status, ok: response.ok, subject, body: response.ok ? JSON.parse(text) : {} };
    } catch (cause) {
      throw away('keystone did not answer', cause);
    }
  }
}

interface Issued {
  readonly status: number;
  readonly ok: boolean;
  readonly subject: string | null;
  readonly body: {
    token?: { expires_at?: string; project?: { id?: string } };
    access?: { token?: { id?: string; expires?: string; tenant?: { id?: string } } };
  };
}

/** Keystone's two APIs: where a password is taken, in which form, and where the token is found. */
const FORMS = {
  v3: {
    path: (url: string) => `${url.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens`,
    body: (user: ServiceUserOptions) => ({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user.username, password: user.password, domain: { name: user.userDomainName } } },
        },
        scope: { project: { name: user.projectName, domain: { name: user.projectDomainName } } },
      },
    }),
    read: ({ subject, body }: Issued) => tokenOf(subject, body.token?.expires_at, body.token?.project?.id),
  },
  v2: {
    path: (url: string) => `${url.replace(/\/+$/, '')}/tokens`,
    body: ({ username, password, projectName }: ServiceUserOptions) => ({
      auth: { passwordCredentials: { username, password }, tenantName: projectName },
    }),
    read: ({ body }: Issued) => tokenOf(body.access?.token?.id, body.access?.token?.expires, body.access?.token?.tenant?.id),
  },
};

function tokenOf(id: string | null | undefined, expires: string | undefined, projectId: string | undefined): DatedToken | null {
  return id == null || expires === undefined ? null : { id, expiresAt: Date.parse(expires), projectId: projectId ?? null };
}

function away(message: string, cause?: unknown): ProviderError {
  return new ProviderError('unavailable', message, { cause, userMessage: 'The identity service does not answer.' });
}
