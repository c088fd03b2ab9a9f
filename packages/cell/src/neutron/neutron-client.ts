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

interface GroupPage {
  readonly security_groups?: readonly NeutronGroup[];
  readonly security_groups_links?: readonly { readonly rel: string; readonly href: string }[];
}

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
    const found: NeutronGroup[] = [];
    let next: URLSearchParams | null = query;
    for (let pages = 0; next !== null; pages += 1) {
      if (pages === MAX_PAGES) throw away("neutron's pages do not end");
      const page: GroupPage = await this.page(next, signal);
      found.push(...(page.security_groups ?? []));
      next = nextOf(page);
    }
    return found;
  }

  async page(query: URLSearchParams, signal: AbortSignal): Promise<GroupPage> {
    const path = `/v2.0/security-groups?${query.toString()}`;
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

/** Of the link only what it asks for: behind a proxy neutron may not know its own address. */
function nextOf({ security_groups_links: links = [] }: GroupPage): URLSearchParams | null {
  const next = links.find(({ rel }) => rel === 'next');
  return next === undefined ? null : new URL(next.href, 'http://neutron').searchParams;
}

function judged({ status, text }: Answer): GroupPage {
  if (status === 401 || status === 403) {
    throw new ProviderError('unauthorized', `neutron answered ${status}`, {
      userMessage: 'This cell is not let in by the network service; tell your cloud operator.',
    });
  }
  if (status !== 200) throw away(`neutron answered ${status}: ${text.slice(0, 200)}`);
  try {
    return JSON.parse(text) as GroupPage;
  } catch (cause) {
    throw away('neutron answered something else than JSON', cause);
  }
}

function away(message: string, cause?: unknown): ProviderError {
  return new ProviderError('unavailable', message, { cause, userMessage: 'The network service does not answer.' });
}
