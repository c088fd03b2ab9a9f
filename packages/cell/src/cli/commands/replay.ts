import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { parseRecording, type Recording } from '../capture/recording.js';
import { type Replayed, replay } from '../capture/replay.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { table } from '../table.js';

interface ReplayCommandOptions extends ConfigFileOptions {
  readonly speed: number;
  readonly quiet: number;
  readonly exchange?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Longer than a report waits for its instance's last one to be stored. */
const QUIET_SECONDS = 10;

/** `burstcell replay`: exit code 1 when something that came up means something else than it did. */
export function addReplayCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command('replay')
    .argument('<file>', "what 'burstcell capture' wrote")
    .description(
      'Sends what the parent said in a recording to the running scratch cell of this configuration, and shows what it tells its parent beside what was told then: where servers came to rest, faults, answers. Exit code 1 when they differ. The same messages do nothing the second time: take a new database for each replay.',
    )
    .option('--speed <number>', '1: as it went; 10: ten times as fast; 0: without pauses', parseCount, 1)
    .option('--quiet <seconds>', 'it is over when nothing came up for so long', parseCount, QUIET_SECONDS)
    .option(
      '--exchange <name>',
      'sends what was recorded at this exchange instead, and compares nothing; may be repeated',
      collect,
    )
    .option('--force', 'also into a cell that has servers, or another provider than the simulator')
    .option('--json', 'prints one JSON object in place of tables')
    .action(async (file: string, { exchange: exchanges, ...options }: ReplayCommandOptions) => {
      const recording = await readRecording(file);
      const config = await readConfig(options, context);
      const { speed, quiet, force = false } = options;
      const how = { speed, quietMs: quiet * 1_000, force, ...(exchanges === undefined ? {} : { exchanges }) };
      const replayed = await replay(recording, config, { context, options: how });
      context.print(options.json === true ? JSON.stringify(replayed) : describe(replayed, exchanges !== undefined));
      if (exchanges === undefined && replayed.differences.length > 0) exit(ExitCode.FAILED);
    });
  withExamples(withConfigFile(command), [
    ['a puzzle, at a scratch cell on the simulator', 'burstcell replay puzzle.jsonl --config-file scratch.conf --speed 10'],
  ]);
}

async function readRecording(file: string): Promise<Recording> {
  try {
    return parseRecording(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`${file} cannot be read (${code})`, "Name a file that 'burstcell capture' wrote.", {
      exitCode: ExitCode.USAGE,
    });
  }
}

function describe({ sent, cameUp, cameUpThen, rows }: Replayed, isBare: boolean): string {
  if (isBare) return `${sent} messages sent`;
  const differing = rows.filter(({ differences }) => differences.length > 0).length;
  const lines = rows.map(({ about, before, after, differences }) => [about, before, after, differences.join('; ')]);
  return [
    table(['About', 'Then', 'Now', 'Differs in'], lines),
    `${sent} messages sent; ${cameUp} came up, ${cameUpThen} then; ${differing === 0 ? 'all mean the same' : `${differing} of ${rows.length} differ`}`,
  ].join('\n');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isFinite(count) && count >= 0) return count;
  throw new InvalidArgumentError('It must be a number from 0.');
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}
