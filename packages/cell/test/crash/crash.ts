import { Command } from 'commander';
import { whole } from '../support/arguments.js';
import { command, printJson, printTable, say } from '../support/print.js';
import { type CrashResult, crashRun } from './run.js';

const MAX_SEED = 2 ** 31;

const program = new Command('crash')
  .description(
    'Boots and deletes servers while replicas of the cell are killed with SIGKILL at random; then EC2, parent and rows must agree.',
  )
  .option('--boots <number>', 'servers to boot', whole, 300)
  .option('--kills <number>', 'times a replica is killed', whole, 20)
  .option('--replicas <number>', 'processes of the cell', whole, 2)
  .option(
    '--seed <number>',
    'of all that is random; printed, so that a run can be repeated',
    whole,
    Math.floor(Math.random() * MAX_SEED),
  )
  .option('--json', 'end with one line of JSON', false);

const options = program.parse().opts<{ boots: number; kills: number; replicas: number; seed: number; json: boolean }>();
await command(async () => {
  say(`seed ${options.seed}: ${options.boots} boots, ${options.kills} kills, ${options.replicas} replicas`);
  const result = await crashRun({ ...options, say });
  print(result, options.seed);
  if (options.json) printJson({ ...result, seed: options.seed });
  return result.ok ? 0 : 1;
});

function print(found: CrashResult, seed: number): void {
  printTable(
    ['EC2 machines', 'servers at the parent', 'rows', 'of them ERROR', 'machines ever', 'boots', 'deletes', 'kills'],
    [[found.machines, found.top, found.rows, found.errors, found.launches, found.boots, found.deletes, found.kills]],
  );
  printTable(
    ['lost', 'doubled', 'stuck', 'orphans', 'differing', 'ghosts', 'violations', 'seconds', 'quiet after'],
    [
      [
        found.lost,
        found.doubled,
        found.stuck,
        found.orphans,
        found.differing,
        found.ghosts,
        found.violations,
        found.seconds,
        `${found.quietSeconds} s`,
      ],
    ],
  );
  say(found.ok ? `nothing was lost (seed ${seed})` : `something is wrong; repeat it with --seed ${seed}`);
}
