import type { Explanation, LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion, FakePriceList } from '../src/fake/index.js';
import { aBench, aFlavor, aRequest, type Bench } from './builders.js';

/** Two vCPUs and 8 GiB: t3.large or m5.large are the nearest. */
const flavor = aFlavor({ vcpus: 2, memoryMb: 8192 });
const SPOT = { schedulerHints: { market: 'spot' } };

async function explained({ provider }: Bench, changes: Partial<LaunchRequest> = {}): Promise<Explanation> {
  const explanation = await provider.explain?.(aRequest({ flavor, ...changes }));
  if (explanation === undefined) throw new Error('it cannot explain');
  return explanation;
}

async function bestType({ provider }: Bench, changes: Partial<LaunchRequest> = {}): Promise<unknown> {
  const [best] = await provider.offerings(aRequest({ flavor, ...changes }));
  return best?.parameters.instanceType;
}

describe('prices of an operator', () => {
  const bench = () => aBench({ priceTable: { 'm5.large': { 'on-demand': 0.0001, spot: 0.00005 } } });

  it('order the types before estimates', async () => {
    expect(await bestType(aBench())).toBe('t3.large');
    expect(await bestType(bench())).toBe('m5.large');
    expect(await bestType(bench(), SPOT)).toBe('m5.large');
  });

  it('are told as such, beside estimates of the others', async () => {
    const { candidates } = await explained(bench());

    expect(candidates[0]).toMatchObject({ size: 'm5.large', hourlyPrice: { basis: 'listed', source: 'price_file' } });
    expect(candidates.at(-1)?.hourlyPrice?.basis).toBe('estimated');
  });

  it('go before the list of AWS', async () => {
    const priceList = new FakePriceList({ 'm5.large': 0.096 });
    const { candidates } = await explained(
      aBench({ priceTable: { 'm5.large': { 'on-demand': 0.05 } }, livePrices: true, priceList }),
    );

    expect(candidates.find(({ size }) => size === 'm5.large')?.hourlyPrice).toMatchObject({ amount: 0.05, source: 'price_file' });
  });
});

describe("AWS's price list", () => {
  const live = (prices: Readonly<Record<string, number>>) => {
    const priceList = new FakePriceList(prices);
    return { priceList, bench: aBench({ livePrices: true, priceList }) };
  };

  it('orders the types once it is known, page by page, and is read once a day', async () => {
    const { priceList, bench } = live({ 't3.large': 0.09, 'm5.large': 0.05, 'm5.xlarge': 0.1 });
    const { candidates } = await explained(bench);

    expect(candidates[0]).toMatchObject({
      size: 'm5.large',
      hourlyPrice: { amount: 0.05, basis: 'listed', source: 'AWS price list, Linux, us-east-1' },
    });
    expect(await bestType(bench)).toBe('m5.large');
    expect(priceList.asked).toEqual([
      { region: 'us-east-1' },
      { region: 'us-east-1', nextToken: '1' },
      { region: 'us-east-1', nextToken: '2' },
    ]);
    bench.clock.advance(25 * 3_600_000);
    await explained(bench);
    expect(priceList.asked).toHaveLength(6);
  });

  it('is not read unless it is asked for', async () => {
    const priceList = new FakePriceList({ 'm5.large': 0.8 });
    await explained(aBench({ priceList }));

    expect(priceList.asked).toEqual([]);
  });

  it('does not keep a boot waiting: estimates order until it is known', async () => {
    const { priceList, bench } = live({});
    priceList.page = () => new Promise(() => {});

    expect(await bestType(bench)).toBe('t3.large');
  });

  it('fails no boot and no explanation when it cannot be read, and is asked again later only', async () => {
    const { priceList, bench } = live({ 'm5.large': 0.001 });
    priceList.failure = new Error('AccessDeniedException');

    expect(await bestType(bench)).toBe('t3.large');
    await bestType(bench);
    expect(priceList.asked).toHaveLength(1);
    expect((await explained(bench)).candidates[0]?.hourlyPrice?.basis).toBe('estimated');

    priceList.failure = null;
    await explained(bench);
    expect(await bestType(bench)).toBe('m5.large');
  });
});

describe('spot prices', () => {
  const spotPrices = [
    { instanceType: 'm5.large', zone: 'us-east-1a', usd: 0.03 },
    { instanceType: 'm5.large', zone: 'us-east-1b', usd: 0.02 },
    { instanceType: 't3.large', zone: 'us-east-1a', usd: 0.04 },
  ];
  const bench = (spot = true) => aBench({ spotPrices: spot, maxCandidates: 2 }, { region: { spotPrices } });

  it('of the moment order the types of the spot market, and are told by zone', async () => {
    const { candidates } = await explained(bench(), SPOT);
    const prices = candidates.map(({ size, zone, hourlyPrice }) => [
      size,
      zone.slice(-1),
      hourlyPrice?.amount,
      hourlyPrice?.basis,
    ]);

    expect(prices).toEqual([
      ['m5.large', 'a', 0.03, 'current'],
      ['m5.large', 'b', 0.02, 'current'],
      ['m5.large', 'c', undefined, undefined],
      ['t3.large', 'a', 0.04, 'current'],
      ['t3.large', 'b', undefined, undefined],
      ['t3.large', 'c', undefined, undefined],
    ]);
  });

  it('say nothing of the market on demand', async () => {
    expect((await explained(bench())).candidates[0]).toMatchObject({ size: 't3.large', hourlyPrice: { basis: 'estimated' } });
  });

  it('are not read unless they are asked for', async () => {
    const without = bench(false);
    await explained(without, SPOT);

    expect(without.fake.counts().byAction).not.toHaveProperty('DescribeSpotPriceHistory');
  });

  it('are read again after ten minutes, and once for many boots', async () => {
    const own = bench();
    await explained(own, SPOT);
    const once = own.fake.counts().byAction.DescribeSpotPriceHistory;
    await bestType(own, SPOT);
    expect(own.fake.counts().byAction.DescribeSpotPriceHistory).toBe(once);

    own.clock.advance(11 * 60_000);
    await explained(own, SPOT);
    await new Promise((resolve) => setImmediate(resolve));
    expect(own.fake.counts().byAction.DescribeSpotPriceHistory).toBe(Number(once) * 2);
  });

  it('come in pages', async () => {
    const all = aBench({ spotPrices: true });
    await explained(all, SPOT);

    expect(all.fake.counts().byAction.DescribeSpotPriceHistory).toBe(Math.ceil(defaultRegion.spotPrices.length / 20));
  });
});
