import { GetProductsCommand, type GetProductsCommandInput, PricingClient } from '@aws-sdk/client-pricing';
import type { PriceList, PricePage } from '../ports/price-list.js';
import { type SdkSettings, sdkCredentials } from './sdk-client.js';
import { makeHandler } from './sdk-handler.js';

/** One of the few regions that have a price list endpoint; it knows the prices of all. */
const ENDPOINT_REGION = 'us-east-1';
/** AWS's largest page of GetProducts. */
const PAGE = 100;

/** Shared Linux servers without licences, priced by the hour of use (AWS: Price List Query API, GetProducts). */
const LINUX = { operatingSystem: 'Linux', tenancy: 'Shared', capacitystatus: 'Used', preInstalledSw: 'NA' };

/** {@link PriceList} on the AWS SDK, with its own retries: it only reads. `endpoint` is for tests. */
export function makeSdkPriceList(settings: SdkSettings, endpoint?: string): PriceList {
  const client = new PricingClient({
    region: ENDPOINT_REGION,
    requestHandler: makeHandler(settings),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...sdkCredentials(settings),
  });
  return {
    async page({ region, nextToken }, options): Promise<PricePage> {
      const command = new GetProductsCommand(toInput(region, nextToken));
      const { PriceList: products, NextToken } = await client.send(
        command,
        options?.signal ? { abortSignal: options.signal } : {},
      );
      return { prices: (products ?? []).flatMap(toPrice), ...(NextToken ? { nextToken: NextToken } : {}) };
    },
    close: () => client.destroy(),
  };
}

function toInput(region: string, nextToken: string | undefined): GetProductsCommandInput {
  const filters = Object.entries({ ...LINUX, regionCode: region });
  return {
    ServiceCode: 'AmazonEC2',
    FormatVersion: 'aws_v1',
    MaxResults: PAGE,
    NextToken: nextToken,
    Filters: filters.map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
  };
}

/** What is looked at of a product, which comes as JSON in a string. */
interface Product {
  readonly product?: { readonly attributes?: { readonly instanceType?: string } };
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Term>> };
}

interface Term {
  readonly priceDimensions?: Readonly<
    Record<string, { readonly unit?: string; readonly pricePerUnit?: { readonly USD?: string } }>
  >;
}

/** Products without a price in dollars by the hour, such as reserved ones, are left out. */
function toPrice(text: unknown): PricePage['prices'] {
  const { product, terms } = JSON.parse(String(text)) as Product;
  const instanceType = product?.attributes?.instanceType;
  const dimensions = Object.values(terms?.OnDemand ?? {}).flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions));
  const usd = dimensions.filter(({ unit }) => unit === 'Hrs').map(({ pricePerUnit }) => Number(pricePerUnit?.USD));
  const price = usd.find((each) => each > 0);
  return instanceType === undefined || price === undefined ? [] : [{ instanceType, usd: price }];
}
