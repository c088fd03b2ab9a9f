import { Command } from 'commander';
import { RELEASES, type Release } from '../demo-parent/releases.js';
import { command, endProcess, printJson, printTable, say } from '../support/print.js';
import { runReleases } from './run-release.js';
import { differencesOf, tableOf } from './table.js';

const program = new Command('releases')
  .description('Drives every verb as the parent of each release does, and prints one table: a row a verb, a column a release.')
  .argument('[releases...]', `of ${RELEASES.join(', ')}; all unless named`)
  .option('--json', 'end with the figures as one line of JSON', false);

program.parse();
await command(() => main(program.args, program.opts<{ json: boolean }>()));
await endProcess();

async function main(names: readonly string[], options: { readonly json: boolean }): Promise<number> {
  const beganAt = Date.now();
  const results = await runReleases(chosen(names), (release) => say(`${release} …`));
  const { head, rows } = tableOf(results);
  printTable(head, rows);
  const differences = results.flatMap(differencesOf);
  for (const { verb, release, wanted, found } of differences) say(`${release}, ${verb}: the matrix says ${wanted}; ${found}`);
  const violations = results.flatMap((result) => result.violations.map((line) => `${result.release}: ${line}`));
  for (const line of violations) say(line);
  const isClean = differences.length === 0 && violations.length === 0;
  say(
    isClean ? 'all as the support matrix says, and no parent had anything to complain about.' : 'something is wrong: see above.',
  );
  if (options.json) {
    const seconds = Math.round((Date.now() - beganAt) / 1000);
    const table = Object.fromEntries(results.map(({ release, outcomes }) => [release, Object.fromEntries(outcomes)]));
    printJson({ ok: isClean, releases: results.length, verbs: rows.length, differences, violations, seconds, table });
  }
  return isClean ? 0 : 1;
}

function chosen(names: readonly string[]): readonly Release[] {
  const unknown = names.filter((name) => !RELEASES.some((release) => release === name));
  if (unknown.length > 0) throw new Error(`no release ${unknown.join(', ')}: one of ${RELEASES.join(', ')}`);
  return names.length === 0 ? RELEASES : RELEASES.filter((release) => names.includes(release));
}
