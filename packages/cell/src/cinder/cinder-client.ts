import { ProviderError } from '@burstcell/provider';
import type { ServiceUser, Token } from '../openstack/service-user.js';
import { Failure } from '../operations/failure.js';
import { SERVICE_REQUEST_MS } from '../timings.js';
import type { VolumeCaller } from '../volumes.js';
import { cinderEndpoint, type EndpointOptions } from './cinder-endpoint.js';

/** A volume as cinder's API shows it (v1 to v3: api-ref "Show a volume's details"). */
export interface CinderVolume {
  readonly id: string;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly attachments: readonly { readonly server_id?: string; readonly attachment_id?: string }[];
}

/** Actions of cinder's `/volumes/ID/action`. */
export type VolumeAction = 'os-reserve' | 'os-unreserve' | 'os-attach' | 'os-begin_detaching' | 'os-roll_detaching' | 'os-detach';

interface Request {
  readonly path: string;
  readonly body?: object;
  /** Absent: POST where there is a body, else GET. */
  readonly method?: 'DELETE';
  /** What it makes is the user's: the cell's own user would make it in another project. */
  readonly isUsers?: true;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** cinder's API, as the caller, and as the cell's own user where that is refused. */
export class CinderClient {
  constructor(
    private readonly options: EndpointOptions,
    /** The cell's own; null: only callers' tokens count. */
    private readonly user: ServiceUser | null,
  ) {}

  /** Whether a volume service is known for this caller. */
  isKnown(caller: VolumeCaller): boolean {
    return this.#urlFor(caller, null) !== null;
  }

  /** Null: there is no such volume. */
  async volume(volumeId: string, caller: VolumeCaller): Promise<CinderVolume | null> {
    const answer = await this.#ask(caller, { path: `/volumes/${encodeURIComponent(volumeId)}` });
    if (answer.status === 404) return null;
    const { volume } = judged(answer) as { volume: CinderVolume };
    return { ...volume, metadata: volume.metadata ?? {}, attachments: volume.attachments ?? [] };
  }

  /** False: the volume's status does not allow it. */
  async act(volumeId: string, action: VolumeAction, caller: VolumeCaller, values: object = {}): Promise<boolean> {
    const path = `/volumes/${encodeURIComponent(volumeId)}/action`;
    const answer = await this.#ask(caller, { path, body: { [action]: values } });
    if ([400, 404, 409].includes(answer.status)) return false;
    judged(answer);
    return true;
  }

  /** False: cinder refuses. One that is gone is deleted. */
  async remove(volumeId: string, caller: VolumeCaller): Promise<boolean> {
    const answer = await this.#ask(caller, { path: `/volumes/${encodeURIComponent(volumeId)}`, method: 'DELETE' });
    if (answer.status === 404) return true;
    if (answer.status === 400 || answer.status === 409) return false;
    judged(answer);
    return true;
  }

  /** A new volume of the user's own, whose id it answers. A Failure says why cinder makes none. */
  async create(values: object, caller: VolumeCaller): Promise<string> {
    const answer = await this.#ask(caller, { path: '/volumes', body: { volume: values }, isUsers: true });
    if (isRefusal(answer)) throw noVolume(answer);
    return (judged(answer) as { volume: { id: string } }).volume.id;
  }

  /** The user's volumes of that name; the cell's own user sees those of all projects (api-ref: `all_tenants`, ignored for others). */
  async named(name: string, caller: VolumeCaller): Promise<readonly CinderVolume[]> {
    const query = new URLSearchParams({ all_tenants: '1', name, display_name: name });
    const answer = judged(await this.#ask(caller, { path: `/volumes/detail?${query}` })) as { volumes: readonly CinderVolume[] };
    return answer.volumes.map((volume) => ({
      ...volume,
      metadata: volume.metadata ?? {},
      attachments: volume.attachments ?? [],
    }));
  }

  /** Names of its availability zones; none where it does not tell. */
  async zones(caller: VolumeCaller): Promise<readonly string[]> {
    const answer = await this.#ask(caller, { path: '/os-availability-zone' });
    if (answer.status === 404 || answer.status === 403) return [];
    const { availabilityZoneInfo: zones = [] } = judged(answer) as { availabilityZoneInfo?: readonly { zoneName: string }[] };
    return zones.map(({ zoneName }) => zoneName);
  }

  async #ask(caller: VolumeCaller, request: Request): Promise<Answer> {
    if (request.isUsers === true && caller.token === null) throw tokenRanOut();
    const token = caller.token === null ? await this.#own(caller.signal) : { id: caller.token, projectId: null };
    const answer = await this.#send(caller, token, request);
    if (answer.status !== 401) return answer;
    if (request.isUsers === true) throw tokenRanOut();
    // A user's token runs out, the cell's may be revoked: then the cell's own, asked for anew.
    this.user?.forget();
    return this.#send(caller, await this.#own(caller.signal), request);
  }

  async #own(signal: AbortSignal): Promise<Token> {
    if (this.user !== null) return this.user.token(signal);
    throw new ProviderError('unauthorized', 'the request brought no token that holds, and [cinder] names no user', {
      userMessage: 'This cell is not let in by the volume service; tell your cloud operator.',
    });
  }

  async #send(caller: VolumeCaller, token: Token, { path, body, method }: Request): Promise<Answer> {
    const url = this.#urlFor(caller, token.projectId);
    try {
      const response = await fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { 'x-auth-token': token.id, 'content-type': 'application/json', accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([caller.signal, AbortSignal.timeout(SERVICE_REQUEST_MS)]),
        // A token is for this server alone.
        redirect: 'manual',
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      throw away('cinder did not answer', cause);
    }
  }

  #urlFor({ endpoints, projectId }: VolumeCaller, ofToken: string | null): string | null {
    return cinderEndpoint(this.options, endpoints, { requestId: projectId, tokenId: ofToken });
  }
}

/** A request that asks for what is not there or not allowed, or a spent quota; too many requests are 413 too. */
function isRefusal({ status, text }: Answer): boolean {
  return [400, 403, 404].includes(status) || (status === 413 && /quota/i.test(text));
}

function noVolume({ status, text }: Answer): Failure {
  const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? `it answered ${status}`;
  return new Failure(status === 413 ? 'quota' : 'invalid', `The volume service makes no volume: ${message}`, status);
}

function tokenRanOut(): Failure {
  return new Failure('unauthorized', 'Your token ran out before the volume could be made; boot again.', 401);
}

function judged({ status, text }: Answer): unknown {
  if (status < 300) return text === '' ? {} : JSON.parse(text);
  if (status >= 500 || status === 429 || status === 413) throw away(`cinder answered ${status}`);
  const isRight = status === 401 || status === 403;
  throw new ProviderError(isRight ? 'unauthorized' : 'invalid', `cinder answered ${status}: ${text.slice(0, 200)}`, {
    userMessage: isRight
      ? 'The volume service does not let this cell use the volume; tell your cloud operator.'
      : 'The volume service does not understand this cell; tell your cloud operator.',
  });
}

function away(message: string, cause?: unknown): ProviderError {
  return new ProviderError('unavailable', message, { cause, userMessage: 'The volume service does not answer.' });
}
