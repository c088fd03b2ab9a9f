import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Table from 'cli-table3';
import { packageRoot } from './config.js';
import type { Run } from './report.js';
import type { Outcome } from './verb-runner.js';

/** What nova's own child came to with one verb. */
export type RealResult = Pick<Outcome, 'verb' | 'asWanted' | 'answer' | 'state' | 'settledSeconds' | 'note'>;

/** Where a release's results are kept; made by `npm run test:interop -- RELEASE --all --real-child --record`. */
export function realResultsFile(release: string): string {
  return join(packageRoot(), 'test', 'parent', 'real-child-results', `${release}.json`);
}

/** Keeps a run with nova's own child, for the comparison with ours. Verbs it did not try stay as they were kept before. */
export async function recordRealResults({ release, outcomes }: Run): Promise<string> {
  const results = outcomes.map(
    ({ verb, asWanted, answer, state, settledSeconds, note }): RealResult => ({
      ...{ verb, asWanted, answer, state, note: withoutRequestIds(note) },
      settledSeconds: Math.round(settledSeconds * 10) / 10,
    }),
  );
  const file = realResultsFile(release);
  const tried = new Map(results.map((result) => [result.verb, result]));
  const before = (await readRealResults(release)) ?? [];
  const kept = before.map((result) => tried.get(result.verb) ?? result);
  const added = results.filter(({ verb }) => !before.some((result) => result.verb === verb));
  await writeFile(file, `${JSON.stringify([...kept, ...added], null, 2)}\n`);
  return file;
}

/** Undefined when no run of this release has been kept. */
export async function readRealResults(release: string): Promise<RealResult[] | undefined> {
  const text = await readFile(realResultsFile(release), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RealResult[]);
}

/** Both columns, verb by verb, and the sum of those that both were asked. */
export function sideBySide({ release, child, outcomes }: Run, real: readonly RealResult[]): string {
  const table = new Table({
    head: ['verb', child, 'rest', 's', "nova's own", 'rest', 's', "what nova's own lacks"],
    colWidths: [null, null, null, null, null, null, null, 50],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  const theirs = new Map(real.map((result) => [result.verb, result]));
  for (const ours of outcomes)
    table.push([ours.verb, ...cells(ours), ...cells(theirs.get(ours.verb)), complaintOf(theirs.get(ours.verb))]);
  return `${release}, side by side\n${table.toString()}\n${sum(outcomes, theirs)}`;
}

function sum(outcomes: Outcome[], theirs: ReadonlyMap<string, RealResult>): string {
  const both = outcomes.filter(
    ({ verb, answer }) => answer !== 'skipped' && (theirs.get(verb)?.answer ?? 'skipped') !== 'skipped',
  );
  const ours = both.filter(({ asWanted }) => asWanted).length;
  const real = both.filter(({ verb }) => theirs.get(verb)?.asWanted).length;
  return `of the ${both.length} verbs that both were asked: ours ${ours} as wanted, nova's own ${real}`;
}

function cells(result: RealResult | undefined): string[] {
  if (result === undefined || result.answer === 'skipped') return ['-', '-', '-'];
  return [result.asWanted ? 'yes' : 'NO', result.state, result.settledSeconds.toFixed(1)];
}

function complaintOf(result: RealResult | undefined): string {
  return result === undefined || result.asWanted || result.answer === 'skipped' ? '' : result.note.slice(0, 120);
}

/** Ids of one run would make every recording differ. */
function withoutRequestIds(note: string): string {
  return note.replace(/ ?\(Request-ID: [^)]*\)?/g, '').replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…');
}
