import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type ConfigFileOptions, readConfigQuietly, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';

/** `burstcell run` */
export function addRunCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const run = program
    .command('run')
    .description(
      'Runs the cell until it is told to stop (SIGTERM, SIGINT). Several may run on one database; each needs its own [DEFAULT] host.',
    )
    .action(async (options: ConfigFileOptions) => exit(await context.runCell(await readConfigQuietly(options, context))));
  withExamples(withConfigFile(run), [
    ['with the default configuration', 'burstcell run'],
    ['with the credentials in a file of their own', 'burstcell run --config-file burstcell.conf --config-file secrets.conf'],
  ]);
}
