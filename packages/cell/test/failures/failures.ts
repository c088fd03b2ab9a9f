import { Command } from 'commander';
import { command, endProcess, printJson, printTable, say } from '../support/print.js';
import { runFailures } from './run-failures.js';
import { differencesOf, HEAD, tableOf } from './table.js';

const program = new Command('failures')
  .description(
    'Lets every failure of EC2 happen below a whole cell and prints what the user sees of it, what is tried next, what room the parent is told of, and what is left over.',
  )
  .option('--json', 'end with the figures as one line of JSON', false);

const { json } = program.parse().opts<{ json: boolean }>();
await command(main);
await endProcess();

async function main(): Promise<number> {
  const beganAt = Date.now();
  const results = await runFailures();
  printTable(HEAD, tableOf(results));
  const differences = results.flatMap(differencesOf);
  for (const line of differences) say(line);
  const asWanted = results.filter((result) => differencesOf(result).length === 0).length;
  say(`${asWanted} of ${results.length} are as wanted.`);
  if (json) printJson({ codes: results.length, asWanted, seconds: Math.round((Date.now() - beganAt) / 1000), differences });
  return asWanted === results.length ? 0 : 1;
}
