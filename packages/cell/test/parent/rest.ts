import { tokenOf, type Who } from './identity-stub.js';
import { REST_MS } from './timings.js';

/** A server as `GET /servers/{id}` shows it to an administrator; only what the bed looks at. */
export interface Server {
  id: string;
  name: string;
  status: string;
  created: string;
  locked?: boolean;
  metadata: Record<string, string>;
  addresses: Record<string, { addr: string; 'OS-EXT-IPS:type'?: string }[]>;
  image?: { id: string } | string;
  flavor?: { id: string };
  'os-extended-volumes:volumes_attached'?: { id: string }[];
  fault?: { message: string; code: number };
  'OS-EXT-STS:task_state': string | null;
  'OS-EXT-STS:vm_state': string;
  'OS-EXT-STS:power_state': number;
  'OS-EXT-SRV-ATTR:host': string | null;
}

export interface RestAnswer {
  /** The HTTP status; 0 when there was no answer in time. */
  status: number;
  body: Record<string, unknown>;
  text: string;
}

/** nova's compute API over HTTP. The default microversion is 2.1, which knows everything that cells v1 can do. */
export class NovaRest {
  constructor(
    readonly url: string,
    readonly who: Who = { user: 'admin', project: 'admin' },
  ) {}

  as(who: Who): NovaRest {
    return new NovaRest(this.url, who);
  }

  /** Never throws for an answer that is an error; `status` says it. */
  async call(method: string, path: string, body?: unknown, microversion = '2.1'): Promise<RestAnswer> {
    try {
      const response = await fetch(this.url + path, {
        method,
        headers: {
          'x-auth-token': tokenOf(this.who),
          'content-type': 'application/json',
          'x-openstack-nova-api-version': microversion,
          'openstack-api-version': `compute ${microversion}`,
        },
        signal: AbortSignal.timeout(REST_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: parsed(text), text };
    } catch (error) {
      return { status: 0, body: {}, text: String(error) };
    }
  }

  /** Undefined when the parent knows no such server. */
  async server(id: string): Promise<Server | undefined> {
    const { status, body } = await this.call('GET', `/servers/${id}`, undefined, '2.9');
    return status === 200 ? (body.server as Server) : undefined;
  }

  /** As `nova list --all-tenants` would say, which from Newton on is not always what `server` says. */
  async servers(): Promise<Server[]> {
    const { body, status, text } = await this.call('GET', '/servers/detail?all_tenants=1&limit=1000');
    if (status !== 200) throw new Error(`the parent's list failed: ${status} ${text}`);
    return body.servers as Server[];
  }
}

function parsed(text: string): Record<string, unknown> {
  return /^\s*[{[]/.test(text) ? (JSON.parse(text) as Record<string, unknown>) : {};
}
