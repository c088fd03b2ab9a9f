import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import type { Ec2Api, Ec2CallOptions, Ec2InstanceType, Ec2OfferingPage } from '../ports/ec2-api.js';
import { CATALOGUE_FRESH_MS } from '../timings.js';

export interface CatalogueFacts {
  readonly types: ReadonlyMap<string, Ec2InstanceType>;
  /** Zones that offer a type. */
  readonly zonesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

type PagedAction = 'DescribeInstanceTypes' | 'DescribeInstanceTypeOfferings';
type PageCall<P> = (api: Ec2Api, input: { readonly nextToken?: string }, options: Ec2CallOptions) => Promise<P>;

/** Every instance type of the region and where it is offered. Read at first need, since a cell with a full map never needs it. */
export class Catalogue {
  readonly #cached: Cached<CatalogueFacts>;

  constructor(private readonly parts: Foundation) {
    const { clock, log } = parts;
    this.#cached = new Cached({
      what: 'instance types',
      freshMs: CATALOGUE_FRESH_MS,
      clock,
      log,
      load: async () => {
        const [types, zonesOf] = await Promise.all([this.#types(), this.#offerings()]);
        return { types, zonesOf };
      },
    });
  }

  get(signal?: AbortSignal): Promise<CatalogueFacts> {
    return this.#cached.get(signal);
  }

  /** What is known without asking. */
  peek(): CatalogueFacts | undefined {
    return this.#cached.peek();
  }

  async #types(): Promise<ReadonlyMap<string, Ec2InstanceType>> {
    const found = new Map<string, Ec2InstanceType>();
    for await (const page of this.#pages('DescribeInstanceTypes', (api, input, options) =>
      api.describeInstanceTypes(input, options),
    )) {
      for (const type of page.types) found.set(type.instanceType, type);
    }
    return found;
  }

  async #offerings(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = new Map<string, Set<string>>();
    const ask: PageCall<Ec2OfferingPage> = (api, input, options) => api.describeInstanceTypeOfferings(input, options);
    for await (const page of this.#pages('DescribeInstanceTypeOfferings', ask)) {
      for (const { instanceType, zone } of page.offerings) {
        const zones = found.get(instanceType);
        if (zones) zones.add(zone);
        else found.set(instanceType, new Set([zone]));
      }
    }
    return found;
  }

  async *#pages<P extends { readonly nextToken?: string }>(action: PagedAction, ask: PageCall<P>): AsyncGenerator<P> {
    let nextToken: string | undefined;
    do {
      const input = nextToken === undefined ? {} : { nextToken };
      const page = await this.parts.calls.read({ action, run: (api, options) => ask(api, input, options) });
      yield page;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
}
