import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEc2Options } from '../src/index.js';

describe('price_file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'burstcell-prices-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string) => {
    const path = join(folder, 'prices.json');
    writeFileSync(path, text);
    return parseEc2Options({ region: 'r', price_file: path }).priceTable;
  };

  it('is read with the section', () => {
    expect(read('{"m5.large": {"on-demand": 0.115, "spot": 0.04}, "c5.large": {"spot": 0.03}}')).toEqual({
      'm5.large': { 'on-demand': 0.115, spot: 0.04 },
      'c5.large': { spot: 0.03 },
    });
    expect(parseEc2Options({ region: 'r' }).priceTable).toEqual({});
  });

  it.each([
    ['{', /is no JSON/, /write it as \{"m5.large"/],
    ['[]', /the file is no object/, /write it as/],
    ['{"m5.large": 0.1}', /m5.large is no object/, /write it as/],
    ['{"m5.large": {"reserved": 0.1}}', /m5.large has no market reserved/, /on-demand and spot/],
    ['{"m5.large": {"spot": "0.1"}}', /m5.large spot cannot be "0.1"/, /US dollars an hour/],
    ['{"m5.large": {"spot": -1}}', /m5.large spot cannot be -1/, /above 0/],
  ])('is refused as %s, with what is wrong and what to do', (text, problem, remedy) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        key: 'price_file',
        message: expect.stringMatching(problem),
        remedy: expect.stringMatching(remedy),
      }) as unknown as Error,
    );
  });

  it('is refused when it is not there', () => {
    expect(() => parseEc2Options({ region: 'r', price_file: join(folder, 'absent.json') })).toThrow(
      /price_file: cannot read .*absent/,
    );
  });
});
