import { ProviderError } from '@burstcell/provider';
import type { ServiceUser } from '../openstack/service-user.js';
import { SERVICE_REQUEST_MS } from '../timings.js';

/** A security group as neutron's API shows it (api-ref "Security groups"); Grizzly's quantum shows it the same. */
export interface NeutronGroup {
  readonly id: string;
  readonly name: string;
  readonly security_group_rules?: readonly NeutronRule[];
}

/** What a release does not know is absent: descriptions before Newton, address groups before Victoria. */
export interface NeutronRule {
  readonly direction: string;
  readonly ethertype?: string | null;
  readonly protocol?: string | number | null;
  readonly port_range_min?: number | null;
  readonly port_range_max?: number | null;
  readonly remote_ip_prefix?: string | null;
  readonly remote_group_id?: string | null;
  readonly remote_address_group_id?: string | null;
  readonly description?: string | null;
}

/** Of a port only what is asked for. */
export interface NeutronPort {
  readonly id: string;
  readonly security_groups?: readonly string[];
}

/** A list's rows are under its name, and links to more of them beside it. */
type Page = Readonly<Record<string, unknown>>;

/** neutron's answer has some pages at most; more are a fault of its links. */
const MAX_PAGES = 1_000;

/** neutron's API, as the cell's own user. Rejects with a ProviderError: `unavailable` or `unauthorized`. */
export class NeutronClient {
  constructor(
    /** Without `/v2.0` at its end. */
    private readonly endpoint: string,
    private readonly user: ServiceUser,
  ) {}

  /** Every page of the groups that fit, with their rules. */
  async groups(query: URLSearchParams, signal: AbortSignal): Promise<readonly NeutronGroup[]> {
    return (await this.#all('security-groups', query, signal)) as readonly NeutronGroup[];
  }

  /** Every page of the ports that fit. */
  async ports(query: URLSearchParams, signal: AbortSignal): Promise<readonly NeutronPort[]> {
    return (await this.#all('ports', query, signal)) as readonly NeutronPort[];
  }

  /** Whether it lets us in. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.#page('security-groups', new URLSearchParams({ limit: '1' }), signal);
  }

  async #all(list: string, query: URLSearchParams, signal: AbortSignal): Promise<readonly unknown[]> {
    const name = list.replaceAll('-', '_');
    const found: unknown[] = [];
    let next: URLSearchParams | null = query;
    for (let pages = 0; next !== null; pages += 1) {
      if (pages === MAX_PAGES) throw away("neutron's pages do not end");
      const page: Page = await this.#page(list, next, signal);
      found.push(...listOf(page[name]));
      next = nextOf(listOf(page[`${name}_links`]));
    }
    return found;
  }

  async #page(list: string, query: URLSearchParams, signal: AbortSignal): Promise<Page> {
    const path = `/v2.0/${list}?${query.toString()}`;
    const answer = await this.#send(path, signal);
    if (answer.status !== 401) return judged(answer);
    // A token may be revoked before its time.
    this.user.forget();
    return judged(await this.#send(path, signal));
  }

  async #send(path: string, signal: AbortSignal): Promise<Answer> {
    const { id } = await this.user.token(signal);
    try {
      const response = await fetch(`${this.endpoint}${path}`, {
        headers: { 'x-auth-token': id, accept: 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(SERVICE_REQUEST_MS)]),
        // A token is for this server alone.
        redirect: 'manual',
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      throw away('neutron did not answer', cause);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of the link only what it asks for: behind a proxy neutron may not know its own address. */
function nextOf(links: readonly unknown[]): URLSearchParams | null {
  const next = (links as readonly { readonly rel?: string; readonly href?: string }[]).find(({ rel }) => rel === 'next');
  return next?.href === undefined ? null : new URL(next.href, 'http://neutron').searchParams;
}

function judged({ status, text }: Answer): Page {
  if (status === 401 || status === 403) {
    throw new ProviderError('unauthorized', `neutron answered ${status}`, {
      userMessage: 'This cell is not let in by the network service; tell your cloud operator.',
    });
  }
  if (status !== 200) throw away(`neutron answered ${status}: ${text.slice(0, 200)}`);
  try {
    return JSON.parse(text) as Page;
  } catch (cause) {
    throw away('neutron answered something else than JSON', cause);
  }
}

function away(message: string, cause?: unknown): ProviderError {
  return new ProviderError('unavailable', message, { cause, userMessage: 'The network service does not answer.' });
}
