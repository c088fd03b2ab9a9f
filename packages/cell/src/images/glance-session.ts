import { ProviderError } from '@burstcell/provider';
import type { ServiceUser } from '../openstack/service-user.js';
import { SERVICE_REQUEST_MS } from '../timings.js';
import type { ImageCaller } from './image-service.js';

export interface GlanceRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface GlanceAnswer {
  /** Below 300, or 404, 409 or 410: what else it may be is thrown. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Requests to glance's servers, the first that answers; as the caller, and as the cell's own user when that is refused. */
export class GlanceSession {
  constructor(
    private readonly servers: readonly string[],
    private readonly user: ServiceUser | null,
  ) {}

  /** Rejects as {@link ImageService} says. */
  async ask(request: GlanceRequest, { token, signal, alone = false }: ImageCaller): Promise<GlanceAnswer> {
    // A user's token may run out while the cloud makes the image; glance without keystone asks for none.
    const answer = token === null && this.user !== null && !alone ? null : await this.#send(request, token, signal);
    if (answer !== null && (alone || answer.status !== 401)) return judged(answer);
    return judged((await this.#asTheCell(request, signal)) ?? answer);
  }

  /** The body of an answer as it comes, as the cell. */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const token = (await this.user?.token(signal))?.id ?? null;
    let last: unknown;
    for (const server of this.servers) {
      try {
        const response = await fetchFrom(server, { method: 'GET', path }, { token, signal });
        if (response.ok && response.body !== null) return response.body;
        await response.body?.cancel();
        last = new Error(`${server} answered ${response.status}`);
      } catch (error) {
        last = error;
      }
    }
    throw away(last);
  }

  /** Null: the cell has no user of its own. A token may have been revoked before its time: a new one is asked for once. */
  async #asTheCell(request: GlanceRequest, signal: AbortSignal): Promise<GlanceAnswer | null> {
    if (this.user === null) return null;
    const answer = await this.#send(request, (await this.user.token(signal)).id, signal);
    if (answer.status !== 401) return answer;
    this.user.forget();
    return this.#send(request, (await this.user.token(signal)).id, signal);
  }

  async #send(request: GlanceRequest, token: string | null, signal: AbortSignal): Promise<GlanceAnswer> {
    let last: unknown;
    for (const server of this.servers) {
      try {
        const answer = await sendTo(server, request, { token, signal });
        if (answer.status < 500) return answer;
        last = new Error(`${server} answered ${answer.status}`);
      } catch (error) {
        last = error;
      }
    }
    throw away(last);
  }
}

async function sendTo(server: string, request: GlanceRequest, { token, signal }: ImageCaller): Promise<GlanceAnswer> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(SERVICE_REQUEST_MS)]);
  const response = await fetchFrom(server, request, { token, signal: within });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function fetchFrom(server: string, request: GlanceRequest, { token, signal }: ImageCaller): Promise<Response> {
  const { method, path, headers = {}, body } = request;
  return fetch(`${server}${path}`, {
    method,
    headers: { ...headers, ...(token === null ? {} : { 'x-auth-token': token }) },
    ...(body === undefined ? {} : { body }),
    signal,
    // A token is for this server alone.
    redirect: 'manual',
  });
}

function judged(answer: GlanceAnswer | null): GlanceAnswer {
  const status = answer?.status ?? 401;
  if (answer !== null && (status < 300 || [404, 409, 410].includes(status))) return answer;
  if (status === 429 || status === 408) throw away(new Error(`glance answered ${status}`));
  if (status === 401 || status === 403) {
    throw new ProviderError('unauthorized', `glance answered ${status}`, {
      userMessage: 'The image service does not let this cell write the image; tell your cloud operator.',
    });
  }
  throw new ProviderError('invalid', `glance answered ${status}: ${answer?.body.slice(0, 200)}`, {
    userMessage: 'The image service does not take the image.',
  });
}

function away(cause: unknown): ProviderError {
  return new ProviderError('unavailable', 'glance did not answer', {
    cause,
    userMessage: 'The image service does not answer.',
  });
}
