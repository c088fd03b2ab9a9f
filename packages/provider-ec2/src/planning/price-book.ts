import type { HourlyPrice } from '@burstcell/provider';
import type { Ec2InstanceType, Ec2Market } from '../ports/ec2-api.js';
import type { PriceTable } from './price-file.js';
import { estimatedPrice, type PriceOf } from './rank.js';

/** US dollars an hour by instance type and zone. */
export type SpotPrices = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface PriceSources {
  readonly market: Ec2Market;
  readonly region: string;
  /** The operator's own; they go before AWS's list, for they may have discounts. */
  readonly given: PriceTable;
  /** AWS's list price by instance type; undefined: not asked for, or not known yet. */
  readonly listed: ReadonlyMap<string, number> | undefined;
  readonly spot: SpotPrices | undefined;
}

interface Price extends Pick<HourlyPrice, 'basis' | 'source'> {
  readonly usd: number;
}

const GIVEN = { basis: 'listed', source: 'price_file' } as const;
const ESTIMATE = { basis: 'estimated', source: 'in proportion to vCPUs, memory and GPUs; not a price of AWS' } as const;

/** What is known of one market's prices at one moment. */
export class PriceBook {
  constructor(readonly sources: PriceSources) {}

  /** For ordering: every type has a figure, if need be a rough one. The same function for the life of the book. */
  readonly order: PriceOf = (type) => (this.#find(type, null) ?? this.#onDemand(type)).usd;

  /**
   * What a type costs in a zone, for people; null = in the cheapest. Spot prices move by the hour and by the zone: none is
   * guessed, so null where none is known.
   */
  hourly(type: Ec2InstanceType, zone: string | null): HourlyPrice | null {
    const price = this.#find(type, zone);
    if (price === undefined) return null;
    const { usd, basis, source } = price;
    return { amount: Number(usd.toFixed(4)), currency: 'USD', basis, source };
  }

  #find(type: Ec2InstanceType, zone: string | null): Price | undefined {
    return this.sources.market === 'spot' ? this.#spot(type, zone) : this.#onDemand(type);
  }

  #spot({ instanceType }: Ec2InstanceType, zone: string | null): Price | undefined {
    const { spot, given, region } = this.sources;
    const zones = spot?.get(instanceType) ?? new Map<string, number>();
    const now = zone === null ? Math.min(...zones.values()) : (zones.get(zone) ?? Infinity);
    if (now < Infinity) return { usd: now, basis: 'current', source: `EC2 spot price, Linux, ${region}` };
    const own = given[instanceType]?.spot;
    return own === undefined ? undefined : { usd: own, ...GIVEN };
  }

  #onDemand(type: Ec2InstanceType): Price {
    const { given, listed, region } = this.sources;
    const own = given[type.instanceType]?.['on-demand'];
    if (own !== undefined) return { usd: own, ...GIVEN };
    const list = listed?.get(type.instanceType);
    if (list !== undefined) return { usd: list, basis: 'listed', source: `AWS price list, Linux, ${region}` };
    return { usd: estimatedPrice(type), ...ESTIMATE };
  }
}
