import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { CellConfig } from '../config/cell-config.js';
import { loadConfig } from '../config/config.js';
import type { CliContext } from './cli-context.js';
import { CliError, ExitCode } from './cli-error.js';

/** Read when no `--config-file` is given. */
export const DEFAULT_CONFIG_FILE = '/etc/burstcell/burstcell.conf';

export interface ConfigFileOptions {
  readonly configFile?: readonly string[];
}

/** Adds `--config-file`, which may be given several times. */
export function withConfigFile(command: Command): Command {
  const option = new Option(
    '--config-file <file>',
    `configuration to read; may be repeated, later files override earlier ones (default: ${DEFAULT_CONFIG_FILE})`,
  );
  return command.addOption(option.argParser((file: string, before: string[] = []) => [...before, file]));
}

/** Loads the files, and complains about every key that was ignored. */
export async function readConfig(options: ConfigFileOptions, context: CliContext): Promise<CellConfig> {
  const config = await readConfigQuietly(options, context);
  for (const warning of config.warnings) context.complain(`warning: ${warning}`);
  return config;
}

/** For the cell itself, which writes the warnings to its log. */
export async function readConfigQuietly({ configFile }: ConfigFileOptions, context: CliContext): Promise<CellConfig> {
  return loadConfig(filesToRead(configFile), await context.providerOptions());
}

function filesToRead(given: readonly string[] | undefined): readonly string[] {
  if (given !== undefined) return given;
  if (existsSync(DEFAULT_CONFIG_FILE)) return [DEFAULT_CONFIG_FILE];
  throw new CliError('there is no configuration', `Name one with --config-file, or write ${DEFAULT_CONFIG_FILE}.`, {
    exitCode: ExitCode.USAGE,
  });
}
