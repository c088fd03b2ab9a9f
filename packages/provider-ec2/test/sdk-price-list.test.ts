import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseEc2Options } from '../src/index.js';
import { makeSdkPriceList } from '../src/sdk/sdk-price-list.js';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** The price list's client before an endpoint that answers with these products; `asked` is what it was sent. */
async function anEndpoint(products: readonly object[]) {
  const asked: { readonly target: unknown; readonly body: object }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    asked.push({ target: request.headers['x-amz-target'], body: JSON.parse(text) as object });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify({ FormatVersion: 'aws_v1', PriceList: products.map((each) => JSON.stringify(each)), NextToken: 'n2' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = parseEc2Options({ region: 'eu-central-1', access_key_id: 'a', secret_access_key: 's' });
  const list = makeSdkPriceList(settings, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  opened.push(
    () => server.closeAllConnections(),
    () => server.close(),
    () => list.close?.(),
  );
  return { list, asked };
}

function product(instanceType: string, unit: string, usd: string) {
  const priceDimensions = { 'S.T.D': { unit, pricePerUnit: { USD: usd } } };
  return { product: { attributes: { instanceType } }, terms: { OnDemand: { 'S.T': { priceDimensions } } } };
}

describe('the SDK behind the price list', () => {
  it('asks for shared Linux servers of the region, and reads dollars by the hour', async () => {
    const { list, asked } = await anEndpoint([
      product('m5.large', 'Hrs', '0.1150000000'),
      product('c5.large', 'Quantity', '3.0'),
      product('r5.large', 'Hrs', '0.0000000000'),
      { product: { attributes: { instanceType: 't3.small' } }, terms: {} },
    ]);
    const page = await list.page({ region: 'eu-central-1', nextToken: 'n1' });

    expect(page).toEqual({ prices: [{ instanceType: 'm5.large', usd: 0.115 }], nextToken: 'n2' });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      target: 'AWSPriceListService.GetProducts',
      body: { ServiceCode: 'AmazonEC2', NextToken: 'n1', MaxResults: 100 },
    });
    expect(asked[0]?.body).toMatchObject({
      Filters: expect.arrayContaining([
        { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'eu-central-1' },
        { Type: 'TERM_MATCH', Field: 'operatingSystem', Value: 'Linux' },
      ]),
    });
  });
});
