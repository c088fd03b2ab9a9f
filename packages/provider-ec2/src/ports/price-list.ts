/** The only calls made to AWS's price list. The SDK implements it ({@link ./sdk-price-list.ts}), and so does the fake. */
export interface PriceList {
  /** One page of what Linux servers of a region cost on demand. Rejects with whatever kept it from being read. */
  page(
    input: { readonly region: string; readonly nextToken?: string },
    options?: { readonly signal?: AbortSignal },
  ): Promise<PricePage>;
  close?(): void;
}

export interface PricePage {
  readonly prices: readonly { readonly instanceType: string; readonly usd: number }[];
  readonly nextToken?: string;
}
