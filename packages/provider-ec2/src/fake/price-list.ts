import type { PriceList, PricePage } from '../ports/price-list.js';

/** AWS's price list in memory, one type a page so that callers must follow pages. */
export class FakePriceList implements PriceList {
  /** What it was asked for, page by page. */
  readonly asked: { readonly region: string; readonly nextToken?: string }[] = [];
  /** Rejects with this while it is set. */
  failure: Error | null = null;

  constructor(public prices: Readonly<Record<string, number>>) {}

  async page(input: { readonly region: string; readonly nextToken?: string }): Promise<PricePage> {
    this.asked.push(input);
    if (this.failure !== null) throw this.failure;
    const rows = Object.entries(this.prices).map(([instanceType, usd]) => ({ instanceType, usd }));
    const at = Number(input.nextToken ?? 0);
    return { prices: rows.slice(at, at + 1), ...(at + 1 < rows.length ? { nextToken: String(at + 1) } : {}) };
  }
}
