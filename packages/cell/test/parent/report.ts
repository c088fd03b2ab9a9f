import Table from 'cli-table3';
import type { Finding } from './afterwards.js';
import type { Outcome } from './verb-runner.js';

/** One release's run. */
export interface Run {
  release: string;
  child: string;
  /** The issues whose verbs fail the run when they are not as wanted. */
  promised: readonly Outcome['issue'][];
  outcomes: Outcome[];
  findings: Finding[];
  /** Why nothing could be run. */
  skipped?: string;
}

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

export function verbLine({ verb, asWanted, answer, state, settledSeconds, note }: Outcome): string {
  const mark = answer === 'skipped' ? 'skip' : asWanted ? 'ok  ' : 'FAIL';
  return `${mark} ${verb}: ${answer}, ${state}, ${settledSeconds.toFixed(1)} s${note === '' ? '' : ` — ${note}`}`;
}

export function verbTable({ release, child, outcomes }: Run): string {
  const table = new Table({
    head: ['verb', 'as wanted', 'answer', 'came to rest at', 'answered s', 'settled s', 'note'],
    colWidths: [null, null, null, null, null, null, 60],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { verb, asWanted, answer, state, answeredSeconds, settledSeconds, note } of outcomes) {
    const wanted = answer === 'skipped' ? '-' : asWanted ? 'yes' : 'NO';
    table.push([verb, wanted, answer, state, answeredSeconds.toFixed(1), settledSeconds.toFixed(1), note]);
  }
  return `${release}, child: ${child}\n${table.toString()}`;
}

export function findingLines({ findings }: Run): string[] {
  return findings.map(({ check, ok, note }) => `${ok ? 'ok  ' : 'FAIL'} ${check}${note === '' ? '' : ` — ${note}`}`);
}

/** The figures of one release under the keys that scripts read. */
export function figures({ outcomes, findings, skipped }: Run): Record<string, unknown> {
  const tried = outcomes.filter(({ answer }) => answer !== 'skipped');
  return {
    tried: tried.length,
    asWanted: tried.filter(({ asWanted }) => asWanted).length,
    verbs: Object.fromEntries(outcomes.map(({ verb, ...rest }) => [verb, rest])),
    checks: Object.fromEntries(findings.map(({ check, ok, note }) => [check, { ok, note }])),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

/** Verbs that nobody promised of this child count only when they are as wanted. */
export function totals(runs: Run[]): Totals {
  const sum: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcomes, promised, findings, skipped } of runs) {
    if (skipped !== undefined) sum.skipped += 1;
    for (const outcome of outcomes) {
      if (outcome.asWanted) sum.passed += 1;
      else if (outcome.answer === 'skipped' || !promised.includes(outcome.issue)) sum.skipped += 1;
      else sum.failed += 1;
    }
    for (const { ok } of findings) sum[ok ? 'passed' : 'failed'] += 1;
  }
  return sum;
}
