import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import type { Ec2Market } from '../ports/ec2-api.js';
import type { PriceList } from '../ports/price-list.js';
import { LIST_PRICES_FRESH_MS, SPOT_PRICES_FRESH_MS } from '../timings.js';
import { PriceBook, type PriceSources, type SpotPrices } from './price-book.js';

type ListPrices = ReadonlyMap<string, number>;

/** What types cost, from the sources that the operator has chosen. Prices order and explain; they never keep a boot waiting, and never fail one. */
export class Prices {
  readonly #listed: Cached<ListPrices> | undefined;
  readonly #spot: Cached<SpotPrices> | undefined;
  readonly #books = new Map<Ec2Market, PriceBook>();
  #list: PriceList | undefined;

  constructor(private readonly parts: Foundation) {
    const { clock, log, config } = parts;
    if (config.livePrices)
      this.#listed = new Cached({ what: 'prices', freshMs: LIST_PRICES_FRESH_MS, clock, log, load: () => this.#readList() });
    if (config.spotPrices)
      this.#spot = new Cached({ what: 'spot prices', freshMs: SPOT_PRICES_FRESH_MS, clock, log, load: () => this.#readSpot() });
  }

  /** What is known now; the same book until more is. What is missing or has aged is read in the background. */
  known(market: Ec2Market): PriceBook {
    const { region, priceTable: given } = this.parts.config;
    const spot = market === 'spot' ? this.#spot?.soon() : undefined;
    const sources: PriceSources = { market, region, given, listed: this.#listed?.soon(), spot };
    const book = this.#books.get(market);
    if (book !== undefined && book.sources.listed === sources.listed && book.sources.spot === spot) return book;
    const next = new PriceBook(sources);
    this.#books.set(market, next);
    return next;
  }

  /** Waits until all sources were read once. What could not be is logged and does without. */
  async settle(signal?: AbortSignal): Promise<void> {
    const readings = await Promise.allSettled([this.#listed?.get(signal), this.#spot?.get(signal)]);
    for (const reading of readings)
      if (reading.status === 'rejected') this.parts.log.warn('could not read prices', { error: reading.reason });
  }

  close(): void {
    if (this.parts.config.priceList === undefined) this.#list?.close?.();
  }

  async #readList(): Promise<ListPrices> {
    const { config } = this.parts;
    // Only cells that ask for it load its client.
    this.#list ??= config.priceList ?? (await import('../sdk/sdk-price-list.js')).makeSdkPriceList(config);
    const found = new Map<string, number>();
    let nextToken: string | undefined;
    do {
      const page = await this.#list.page({ region: config.region, ...(nextToken === undefined ? {} : { nextToken }) });
      for (const { instanceType, usd } of page.prices) found.set(instanceType, usd);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  async #readSpot(): Promise<SpotPrices> {
    const { calls, clock } = this.parts;
    const startTime = new Date(clock.now()).toISOString();
    const found = new Map<string, Map<string, number>>();
    let nextToken: string | undefined;
    do {
      const input = { startTime, ...(nextToken === undefined ? {} : { nextToken }) };
      const page = await calls.read({
        action: 'DescribeSpotPriceHistory',
        run: (api, options) => api.describeSpotPriceHistory(input, options),
      });
      for (const { instanceType, zone, usd } of page.prices)
        found.set(instanceType, (found.get(instanceType) ?? new Map<string, number>()).set(zone, usd));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }
}
