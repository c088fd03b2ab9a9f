import { parseTransportUrl } from '@burstcell/wire';
import { type Command, Option } from 'commander';
import type { CellConfig } from '../../config/cell-config.js';
import { type ReleaseName, releaseNames } from '../../config/releases.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { hidePasswords } from '../register/neighbour.js';
import { describeRegistration } from '../register/registration.js';

interface RegisterOptions extends ConfigFileOptions {
  readonly release?: ReleaseName;
  readonly parentName: string;
  readonly parentUrl: string;
  readonly childUrl?: string;
  readonly showPasswords?: boolean;
}

/** `burstcell register`: prints, changes nothing. */
export function addRegisterCommand(program: Command, context: CliContext): void {
  const register = program
    .command('register')
    .description(
      "Prints what the parent needs to know of this cell, and this cell of the parent: nova.conf lines, the 'nova-manage cell create' command and the cells.json alternative. Changes nothing.",
    )
    .addOption(new Option('--release <name>', "the parent's release (default: [burst] parent_release)").choices(releaseNames))
    .option('--parent-name <name>', "the parent's [cells] name", 'api')
    .option('--parent-url <url>', "the parent's broker as this cell reaches it", 'rabbit://nova:PASSWORD@PARENT-BROKER:5672/')
    .option('--child-url <url>', "this cell's broker as the parent reaches it (default: [DEFAULT] transport_url)")
    .option('--show-passwords', 'print passwords instead of the word PASSWORD')
    .action(async (options: RegisterOptions) => {
      context.print(registrationText(options, await readConfig(options, context)));
    });
  withExamples(withConfigFile(register), [
    ['for a Rocky parent that is called api', 'burstcell register --release rocky'],
    [
      'complete, ready to be pasted',
      'burstcell register --release mitaka --parent-url rabbit://nova:secret@10.0.0.2:5672/ --show-passwords',
    ],
  ]);
}

function registrationText(options: RegisterOptions, config: CellConfig): string {
  const show =
    options.showPasswords === true
      ? (url: string) => parseTransportUrl(url)
      : (url: string) => hidePasswords(parseTransportUrl(url));
  return describeRegistration({
    release: options.release ?? configuredRelease(config),
    parent: { name: options.parentName, cellType: 'parent', broker: show(options.parentUrl) },
    child: { name: config.cells.name, cellType: 'child', broker: show(options.childUrl ?? config.transportUrl) },
    controlExchange: config.controlExchange,
    queueBase: config.cells.rpcDriverQueueBase,
    hasApiDatabase: config.apiDatabase.connection !== null,
  });
}

function configuredRelease({ burst }: CellConfig): ReleaseName {
  if (burst.parentRelease !== 'auto') return burst.parentRelease;
  throw new CliError("the parent's release is not known", `Name it with --release: ${releaseNames.join(', ')}.`, {
    exitCode: ExitCode.USAGE,
  });
}
