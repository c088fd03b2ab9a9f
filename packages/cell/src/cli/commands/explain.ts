import type { Explanation, LaunchRequest } from '@burstcell/provider';
import { type Command, InvalidArgumentError } from 'commander';
import type { CellConfig } from '../../config/cell-config.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { answerJson, answerText, chosenOf } from '../explain/answer.js';
import { type Pair, type RequestOptions, requestFrom } from '../explain/request.js';
import { readable } from '../provider-failure.js';

interface ExplainOptions extends ConfigFileOptions, RequestOptions {
  readonly count: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Asks the configured provider; null where it cannot say. */
export type AskProvider = (config: CellConfig, request: LaunchRequest) => Promise<Explanation | null>;

/** Loaded when needed only: naming the providers brings their libraries along. */
const askProvider: AskProvider = async (config, request) =>
  (await import('../explain/explain-launch.js')).explainLaunch(config, request);

/** `burstcell explain`: the planner's own answer. Exit code 1 when such a boot would be refused. */
export function addExplainCommand(
  program: Command,
  context: CliContext,
  { exit, ask = askProvider }: { readonly exit: (code: number) => void; readonly ask?: AskProvider },
): void {
  const explain = program
    .command('explain')
    .description(
      'Says what a boot would become now, at what price, and why the others were passed over, from the same planning as a real boot. Changes nothing. Exit code 1 when it would be refused.',
    )
    .action(async (options: ExplainOptions) => {
      const request = await requestFrom(options);
      const explanation = await answered(ask, await readConfig(options, context), request);
      const { count, all = false } = options;
      context.print(options.json === true ? answerJson(explanation, count) : answerText(explanation, { count, all }));
      if (chosenOf(explanation) === undefined) exit(ExitCode.FAILED);
    });
  withExamples(withConfigFile(withRequest(explain)), [
    ['what a small flavor becomes', 'burstcell explain --vcpus 1 --ram-mb 2048 --disk-gb 20 --image debian-12'],
    [
      'ten of them, on the spot market of one zone',
      'burstcell explain --flavor m1.large.json --zone eu-central-1a --hint market=spot --count 10',
    ],
  ]);
}

function withRequest(command: Command): Command {
  return command
    .option('--flavor <file>', 'flavor in JSON, with the names of nova: vcpus, ram, disk, extra_specs, …')
    .option('--vcpus <n>', 'in place of or over the flavor in the file', parseCount)
    .option('--ram-mb <n>', 'memory in MiB', parseCount)
    .option('--disk-gb <n>', 'root disk in GiB', parseCount)
    .option('--spec <key=value>', 'extra spec of the flavor; may be repeated', parsePair, [])
    .option('--image <name>', "name or id of the parent's image")
    .option('--image-property <key=value>', 'property of the image; may be repeated', parsePair, [])
    .option('--zone <name>', 'availability zone')
    .option('--hint <key=value>', 'scheduler hint; may be repeated', parsePair, [])
    .option('--network <id>', "the parent's network; may be repeated", parseEach, [])
    .option('--security-group <name>', "nova's security group; may be repeated", parseEach, [])
    .option('--project <id>', "the tenant's project")
    .option('--count <n>', 'how many servers', parseCount, 1)
    .option('--all', 'list every size that was passed over')
    .option('--json', 'one line of JSON');
}

async function answered(ask: AskProvider, config: CellConfig, request: LaunchRequest): Promise<Explanation> {
  const explanation = await ask(config, request).catch((error: unknown) => {
    throw readable(error);
  });
  if (explanation !== null) return explanation;
  throw new CliError(`provider ${config.burst.provider} cannot explain`, 'Ask for it where [burst] provider = ec2.');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 up.');
}

function parsePair(text: string, before: readonly Pair[]): readonly Pair[] {
  const at = text.indexOf('=');
  if (at > 0) return [...before, [text.slice(0, at), text.slice(at + 1)]];
  throw new InvalidArgumentError('Write it as key=value.');
}

function parseEach(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
