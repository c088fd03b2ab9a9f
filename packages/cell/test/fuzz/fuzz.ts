import { Command } from 'commander';
import { RECORDED_RELEASES } from '../captured/recordings.js';
import { positive, whole } from '../support/arguments.js';
import { command, printJson, printTable, say } from '../support/print.js';
import { isBounded } from './bounds.js';
import { type FuzzFigures, fuzz } from './fuzz-run.js';

const MAX_SEED = 2 ** 31;

const program = new Command('fuzz')
  .description(
    'Sends spoilt messages of recorded sessions to a whole cell in this process, release after release, and counts what becomes of them.',
  )
  .option('--messages <number>', 'in all', positive, 100_000)
  .option(
    '--seed <number>',
    'of all that is random; printed, so that a run can be repeated',
    whole,
    Math.floor(Math.random() * MAX_SEED),
  )
  .option('--json', 'end with one line of JSON', false);

const { messages, seed, json } = program.parse().opts<{ messages: number; seed: number; json: boolean }>();

await command(async () => {
  say(`seed ${seed}: ${messages} messages over ${RECORDED_RELEASES.length} releases`);
  const began = Date.now();
  const all: (FuzzFigures & { readonly release: string })[] = [];
  for (const [index, release] of RECORDED_RELEASES.entries()) {
    const share = Math.ceil(messages / RECORDED_RELEASES.length);
    const figures = await fuzz({ release, messages: share, seed: seed + index });
    all.push({ release, ...figures });
    say(`${release}: ${figures.acked} of ${share} acked, heap ${figures.heapBeforeMb} → ${figures.heapAfterMb} MiB`);
    for (const accident of figures.accidents.slice(0, 5)) say(`accident: ${accident}`);
    for (const question of figures.unanswered.slice(0, 5)) say(`not answered: ${question}`);
  }
  print(all);
  const sum = (read: (figures: FuzzFigures) => number) => all.reduce((total, figures) => total + read(figures), 0);
  const figures = {
    messages: sum((one) => one.messages),
    seed,
    acked: sum((one) => one.acked),
    rejected: sum((one) => one.rejected),
    queries: sum((one) => one.queries),
    unanswered: sum((one) => one.unanswered.length),
    accidents: sum((one) => one.accidents.length),
    unfinished: sum((one) => one.unfinished),
    rssBeforeMb: all[0]?.rssBeforeMb ?? 0,
    rssAfterMb: all.at(-1)?.rssAfterMb ?? 0,
    seconds: Math.round((Date.now() - began) / 1_000),
  };
  const ok =
    figures.acked === figures.messages &&
    figures.unanswered + figures.accidents + figures.unfinished === 0 &&
    all.every(isBounded);
  if (json) printJson({ ok, ...figures });
  return ok ? 0 : 1;
});

function print(all: readonly (FuzzFigures & { readonly release: string })[]): void {
  printTable(
    ['release', 'messages', 'acked', 'rejected', 'queries', 'unanswered', 'accidents', 'unfinished', 'heap MiB', 'RSS MiB'],
    all.map((one) => [
      one.release,
      one.messages,
      one.acked,
      one.rejected,
      one.queries,
      one.unanswered.length,
      one.accidents.length,
      one.unfinished,
      `${one.heapBeforeMb} → ${one.heapAfterMb}`,
      `${one.rssBeforeMb} → ${one.rssAfterMb}`,
    ]),
  );
}
