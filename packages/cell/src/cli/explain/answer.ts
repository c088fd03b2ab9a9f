import type { ExplainedCandidate, Explanation, HourlyPrice, PassedOverSize } from '@burstcell/provider';
import { table } from '../table.js';
import { imageLine } from './image.js';

export interface AnswerOptions {
  /** How many servers are asked about. */
  readonly count: number;
  /** Every size that was passed over, rather than a few of each kind. */
  readonly all: boolean;
}

/** Examples given of each reason. */
const EXAMPLES = 5;

/** An explanation for people. */
export function answerText(explanation: Explanation, { count, all }: AnswerOptions): string {
  const { candidates, sizesPassedOver, notes } = explanation;
  return [
    verdict(explanation, count),
    ...imageLine(explanation),
    ...(candidates.length === 0 ? [] : [candidateTable(candidates)]),
    ...priceSources(explanation),
    ...(sizesPassedOver.length === 0 ? [] : ['', 'passed over everywhere:', ...passedOver(sizesPassedOver, all)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note: ${note}`)]),
  ].join('\n');
}

/** The same for programs. */
export function answerJson(explanation: Explanation, count: number): string {
  const chosen = chosenOf(explanation);
  const price = chosen?.hourlyPrice ?? null;
  const totalHourlyPrice = price === null ? null : { ...price, amount: total(price, count) };
  return JSON.stringify({ chosen: chosen ?? null, count, totalHourlyPrice, ...explanation });
}

export function chosenOf({ candidates }: Explanation): ExplainedCandidate | undefined {
  return candidates.find(({ standing }) => standing === 'chosen');
}

function verdict(explanation: Explanation, count: number): string {
  const { refusal } = explanation;
  if (refusal !== null) return `refused (${refusal.kind}): ${refusal.message}\nthe user reads: ${refusal.userMessage}`;
  const chosen = chosenOf(explanation);
  if (chosen === undefined) return 'nothing is chosen';
  const what = `${count} ${count === 1 ? 'server' : 'servers'}: ${chosen.size} in ${chosen.zone}`;
  const market = chosen.market === null ? '' : `, ${chosen.market}`;
  return `${what}${market}, ${chosen.hourlyPrice === null ? 'at a price that is not known' : priceFor(chosen.hourlyPrice, count)}`;
}

function priceFor(price: HourlyPrice, count: number): string {
  const mark = price.basis === 'estimated' ? 'some ' : '';
  const each = count === 1 ? '' : ` (${count} × ${price.amount})`;
  return `${mark}${total(price, count)} ${price.currency} an hour${each}, ${BASIS[price.basis]}`;
}

const total = ({ amount }: HourlyPrice, count: number): number => Number((amount * count).toFixed(4));

function candidateTable(candidates: readonly ExplainedCandidate[]): string {
  const rows = candidates.map(({ size, zone, market, network, hourlyPrice, standing, reason, until }, index) => [
    ...[index + 1, size, zone, market ?? '', network ?? '', hourlyPrice === null ? 'not known' : shown(hourlyPrice)],
    reason === null ? standing : `${standing}: ${reason}${until === null ? '' : `, until ${until}`}`,
  ]);
  return table(['#', 'size', 'zone', 'market', 'network', 'an hour', 'standing'], rows);
}

function shown({ amount, currency, basis }: HourlyPrice): string {
  return `${basis === 'estimated' ? '~' : ''}${amount.toFixed(4)} ${currency}`;
}

/** What each kind of price rests on. */
const BASIS: Readonly<Record<HourlyPrice['basis'], string>> = {
  listed: 'list price',
  current: 'spot now',
  estimated: 'estimated',
};

function priceSources({ candidates }: Explanation): readonly string[] {
  const lines = candidates.flatMap(({ hourlyPrice }) =>
    hourlyPrice === null ? [] : `${BASIS[hourlyPrice.basis]}: ${hourlyPrice.source}`,
  );
  return [...new Set(lines)];
}

function passedOver(sizes: readonly PassedOverSize[], all: boolean): readonly string[] {
  if (all) return sizes.map(({ size, reason }) => `  ${size}: ${reason}`);
  const byReason = new Map<string, string[]>();
  for (const { size, reason } of sizes) byReason.set(reason, [...(byReason.get(reason) ?? []), size]);
  return [...byReason].map(([reason, names]) => {
    const more = names.length > EXAMPLES ? `, … (${names.length}; --all lists them)` : '';
    return `  ${reason}: ${names.slice(0, EXAMPLES).join(', ')}${more}`;
  });
}
