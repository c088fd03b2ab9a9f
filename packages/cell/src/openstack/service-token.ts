import { ProviderError } from '@burstcell/provider';
import { SERVICE_REQUEST_MS, TOKEN_MARGIN_MS } from '../timings.js';

/** The cell's own user at keystone, in the words of nova.conf's sections. */
export interface ServiceUser {
  /** Keystone's; API v3. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
}

export interface Token {
  readonly id: string;
  /** The project it is for, which is part of cinder's URLs; null: the request's own. */
  readonly projectId: string | null;
}

/** Tokens for other services: the request's own, else the cell's. */
export interface ServiceToken {
  /** Rejects with a ProviderError: `unauthorized` where there is neither, or keystone refuses the user; `unavailable`. */
  tokenFor(requestToken: string | null, signal: AbortSignal): Promise<Token>;
  /** The cell's own was refused: the next one is asked for anew. */
  forget(): void;
}

/** Without a user only requests' own tokens count. Keeps the user's token until shortly before its end. */
export class KeystoneToken implements ServiceToken {
  #held: { readonly token: Token; readonly expiresAt: number } | null = null;

  constructor(
    private readonly user: ServiceUser | null,
    private readonly now: () => number = Date.now,
  ) {}

  async tokenFor(requestToken: string | null, signal: AbortSignal): Promise<Token> {
    if (requestToken !== null) return { id: requestToken, projectId: null };
    if (this.user === null) throw refused('the request brought no token and the cell has no user of its own');
    if (this.#held === null || this.#held.expiresAt - TOKEN_MARGIN_MS <= this.now()) this.#held = await issue(this.user, signal);
    return this.#held.token;
  }

  forget(): void {
    this.#held = null;
  }
}

async function issue(user: ServiceUser, signal: AbortSignal) {
  const response = await post(user, signal);
  if (response.status >= 500 || response.status === 429) throw away(`keystone answered ${response.status}`);
  const id = response.headers.get('x-subject-token');
  if (!response.ok || id === null) throw refused(`keystone refused the cell's user: ${response.status}`);
  const { token } = (await response.json()) as { token: { expires_at: string; project?: { id: string } } };
  return { token: { id, projectId: token.project?.id ?? null }, expiresAt: Date.parse(token.expires_at) };
}

async function post(user: ServiceUser, signal: AbortSignal): Promise<Response> {
  const { username: name, password, userDomainName, projectName, projectDomainName } = user;
  const identity = { methods: ['password'], password: { user: { name, password, domain: { name: userDomainName } } } };
  const scope = { project: { name: projectName, domain: { name: projectDomainName } } };
  try {
    return await fetch(`${user.authUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope } }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(SERVICE_REQUEST_MS)]),
    });
  } catch (cause) {
    throw away('keystone did not answer', cause);
  }
}

function refused(message: string): ProviderError {
  return new ProviderError('unauthorized', message, {
    userMessage: 'This cell is not let in by the volume service; tell your cloud operator.',
  });
}

function away(message: string, cause?: unknown): ProviderError {
  return new ProviderError('unavailable', message, { cause, userMessage: 'The identity service does not answer.' });
}
