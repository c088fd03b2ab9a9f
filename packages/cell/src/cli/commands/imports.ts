import type { Command } from 'commander';
import { IMPORTING } from '../../operations/image-import.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { type ImportRow, importRows } from '../imports/imports.js';
import { importsTable } from '../imports/imports-table.js';
import { readable } from '../provider-failure.js';
import type { Cloud, withCloud } from '../with-cloud.js';

interface ImportsOptions extends ConfigFileOptions {
  readonly json?: boolean;
}

/** Loaded when needed only: naming the providers brings their libraries along. */
const lendCloud: typeof withCloud = async (config, work) => (await import('../with-cloud.js')).withCloud(config, work);

/** `burstcell imports`. */
export function addImportsCommand(program: Command, context: CliContext, lend: typeof withCloud = lendCloud): void {
  const imports = program
    .command('imports')
    .description(
      'Lists the images that were imported for want of a counterpart at the provider, those that are on their way, and how many servers wait for them. Changes nothing.',
    )
    .option('--json', 'one line of JSON')
    .action(async (options: ImportsOptions) => {
      const config = await readConfig(options, context);
      const rows = await lend(config, rowsOf).catch((error: unknown) => {
        throw readable(error);
      });
      context.print(options.json === true ? JSON.stringify(rows) : importsTable(rows));
    });
  withExamples(withConfigFile(imports), [['how far they are', 'burstcell imports']]);
}

async function rowsOf({ store, provider }: Cloud): Promise<readonly ImportRow[]> {
  if (provider.imports === undefined) {
    throw new CliError('nothing is imported here', 'Set import_bucket in the section of the provider, and [glance].');
  }
  const [imports, waiting] = await Promise.all([provider.imports(), store.operations.at(IMPORTING)]);
  return importRows(imports, waiting);
}
