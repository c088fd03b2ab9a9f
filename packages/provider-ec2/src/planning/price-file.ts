import { readFileSync } from 'node:fs';
import type { Ec2Market } from '../ports/ec2-api.js';

/** US dollars an hour, by instance type and market. */
export type PriceTable = Readonly<Record<string, Partial<Readonly<Record<Ec2Market, number>>>>>;

const FORM = '{"m5.large": {"on-demand": 0.115, "spot": 0.04}}';

/** A price file that cannot be used; the message says what is wrong and what to do. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}

/** Reads an operator's own prices. Throws {@link PriceFileError}. */
export function readPriceFile(path: string): PriceTable {
  const table = parsed(path);
  for (const [instanceType, markets] of entriesOf(table, 'the file')) {
    for (const [market, usd] of entriesOf(markets, instanceType)) checkPrice(instanceType, market, usd);
  }
  return table as PriceTable;
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new PriceFileError(`cannot read ${path} (${wordOf(error)})`, 'correct the path or the rights of the file');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PriceFileError(`${path} is no JSON (${wordOf(error)})`, `write it as ${FORM}`);
  }
}

function entriesOf(value: unknown, name: string): readonly (readonly [string, unknown])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new PriceFileError(`${name} is no object`, `write it as ${FORM}`);
}

function checkPrice(instanceType: string, market: string, usd: unknown): void {
  if (market !== 'on-demand' && market !== 'spot')
    throw new PriceFileError(`${instanceType} has no market ${market}`, 'use on-demand and spot');
  if (typeof usd !== 'number' || !(usd > 0))
    throw new PriceFileError(`${instanceType} ${market} cannot be ${JSON.stringify(usd)}`, 'write US dollars an hour, above 0');
}

function wordOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
