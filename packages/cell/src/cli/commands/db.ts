import type { SchemaStatus } from '@burstcell/store';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';

const STATES: Readonly<Record<SchemaStatus['state'], string>> = {
  current: 'up to date',
  old: "older than this program: run 'burstcell db migrate'",
  new: 'newer than this program, which will not run on it',
};

/** `burstcell db migrate` and `burstcell db status` */
export function addDbCommands(program: Command, context: CliContext): void {
  const db = program.command('db').description("The cell's own database.").helpCommand(false);

  const migrate = db
    .command('migrate')
    .description(
      'Brings the schema up to date. May be run at any time and by several at once; refuses a schema newer than this program.',
    )
    .action(async (options: ConfigFileOptions) => {
      const { database } = await readConfig(options, context);
      const applied = await context.database.migrate(database.connection);
      for (const name of applied) context.print(`applied ${name}`);
      if (applied.length === 0) context.print('the schema is up to date');
    });
  withExamples(withConfigFile(migrate), [['before the first run, and after every upgrade', 'burstcell db migrate']]);

  const status = db
    .command('status')
    .description('Tells which migrations were applied and which were not. Changes nothing.')
    .action(async (options: ConfigFileOptions) => {
      const { database } = await readConfig(options, context);
      const { state, applied, pending, unknown } = await context.database.status(database.connection);
      for (const name of applied) context.print(`${unknown.includes(name) ? 'unknown ' : 'applied '} ${name}`);
      for (const name of pending) context.print(`missing  ${name}`);
      context.print(`the schema is ${STATES[state]}`);
    });
  withExamples(withConfigFile(status), [['is there anything to do?', 'burstcell db status']]);
}
