import { allGroups } from '../../config/config.js';
import type { OptionGroup } from '../../config/option.js';
import type { CliContext } from '../cli-context.js';
import { makeProgram } from '../program.js';
import { cliPage } from './cli-page.js';
import { configurationPage } from './configuration-page.js';
import type { ProviderColumn } from './support-matrix-page.js';
import { supportMatrixPage } from './support-matrix-page.js';

/** The pages that are made of the code, by their path in the repository. */
export function referencePages(extra: readonly OptionGroup[], providers: readonly ProviderColumn[]): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/configuration.md', configurationPage(allGroups(extra))],
    ['docs/reference/cli.md', cliPage(makeProgram(unused, () => {}))],
    ['docs/support-matrix.md', supportMatrixPage(providers)],
  ]);
}

/** Help is made without running a command. */
const unused: CliContext = {
  print: () => {},
  complain: () => {},
  readInput: never,
  providerOptions: never,
  database: { open: never, migrate: never, status: never },
  probeBroker: never,
  runCell: never,
};

function never(): never {
  throw new Error('help runs no command');
}
