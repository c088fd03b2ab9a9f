import { isIPv4 } from 'node:net';
import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import type { Call } from '../limits/calls.js';
import type { Ec2Subnet } from '../ports/ec2-api.js';
import { REFRESH_RETRY_MS, SUBNETS_FRESH_MS } from '../timings.js';

interface Known {
  /** For servers whose networks are not mapped. */
  readonly placements: readonly Ec2Subnet[];
  /** Those of mapped networks. */
  readonly mapped: readonly Ec2Subnet[];
}

/** Where machines may be placed, and what is known of any subnet a machine was seen in. */
export class Subnets {
  readonly #cached: Cached<Known>;
  readonly #byId = new Map<string, Ec2Subnet>();
  /** When to ask again for subnets that could not be learned. */
  readonly #askAgainAt = new Map<string, number>();

  constructor(private readonly parts: Foundation) {
    const { clock, log } = parts;
    this.#cached = new Cached({
      what: 'subnets',
      freshMs: SUBNETS_FRESH_MS,
      clock,
      log,
      load: async () => {
        const [placements, mapped] = await Promise.all([this.#placements(), this.#mapped()]);
        return { placements, mapped };
      },
    });
  }

  /** The configured subnets, or the default ones; most free addresses first. */
  async all(signal?: AbortSignal): Promise<readonly Ec2Subnet[]> {
    return roomiestFirst((await this.#cached.get(signal)).placements);
  }

  /** Of mapped networks, in the zones of this cell; most free addresses first. */
  async mapped(signal?: AbortSignal): Promise<readonly Ec2Subnet[]> {
    return roomiestFirst((await this.#cached.get(signal)).mapped);
  }

  /** Without asking; undefined when it was never seen. */
  known(subnetId: string): Ec2Subnet | undefined {
    return this.#byId.get(subnetId);
  }

  /** Gets to know these; those EC2 does not know stay unknown. Best effort: one try in a while, and never a rejection. */
  async learn(subnetIds: Iterable<string>, signal?: AbortSignal): Promise<void> {
    const { calls, clock, log } = this.parts;
    const now = clock.now();
    const ids = [...new Set(subnetIds)].filter((id) => !this.#byId.has(id) && (this.#askAgainAt.get(id) ?? 0) <= now);
    if (ids.length === 0) return;

    for (const id of ids) this.#askAgainAt.set(id, now + REFRESH_RETRY_MS);
    try {
      this.#keep(await calls.once(this.#question({ ids }, signal)));
    } catch (error) {
      log.warn('subnets of machines are not known; their address ranges stay empty', { ids, error });
    }
  }

  async #placements(): Promise<readonly Ec2Subnet[]> {
    const { calls, config } = this.parts;
    const { subnets, zones } = config;
    const configured = Object.values(subnets).flat();
    const input = configured.length > 0 ? { ids: configured } : { defaultForAz: true };
    const found = this.#keep(await calls.read(this.#question(input)));
    this.#checkZones(found);
    return found.filter(({ zone }) => zones.length === 0 || zones.includes(zone));
  }

  async #mapped(): Promise<readonly Ec2Subnet[]> {
    const { calls, config } = this.parts;
    const { networkMap, zones } = config;
    const ids = [...new Set(Object.values(networkMap).flat())];
    if (ids.length === 0) return [];
    const found = this.#keep(await calls.read(this.#question({ ids })));
    return found.filter(({ zone }) => zones.length === 0 || zones.includes(zone));
  }

  #checkZones(found: readonly Ec2Subnet[]): void {
    const { config, log } = this.parts;
    for (const [zone, ids] of Object.entries(config.subnets)) {
      const elsewhere = found.filter((subnet) => ids.includes(subnet.subnetId) && subnet.zone !== zone);
      if (elsewhere.length > 0) log.warn('[ec2] subnets names a subnet under the wrong zone; EC2 is right', { zone, elsewhere });
    }
  }

  #question(
    input: { readonly ids?: readonly string[]; readonly defaultForAz?: boolean },
    signal?: AbortSignal,
  ): Call<readonly Ec2Subnet[]> {
    return { action: 'DescribeSubnets', signal, run: (api, options) => api.describeSubnets(input, options) };
  }

  #keep(subnets: readonly Ec2Subnet[]): readonly Ec2Subnet[] {
    for (const subnet of subnets) this.#byId.set(subnet.subnetId, subnet);
    return subnets;
  }
}

function roomiestFirst(subnets: readonly Ec2Subnet[]): readonly Ec2Subnet[] {
  return [...subnets].sort((a, b) => b.freeAddresses - a.freeAddresses || a.subnetId.localeCompare(b.subnetId));
}

/** Whether an IPv4 address lies in a range such as 10.0.1.0/24. */
export function isInCidr(address: string, cidr: string): boolean {
  const [base = '', bits = ''] = cidr.split('/');
  const prefix = Number(bits);
  if (!isIPv4(address) || !isIPv4(base) || !/^\d+$/.test(bits) || prefix > 32) return false;

  const size = 2 ** (32 - prefix);
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(base) / size);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
