import { type Command, InvalidArgumentError } from 'commander';
import { capture } from '../capture/capture.js';
import type { CliContext } from '../cli-context.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';

interface CaptureCommandOptions extends ConfigFileOptions {
  readonly out: string;
  readonly seconds?: number;
  readonly exchange?: readonly string[];
}

/** `burstcell capture`: listens beside the cells and takes no message from them. */
export function addCaptureCommand(program: Command, context: CliContext): void {
  const command = program
    .command('capture')
    .description(
      "Records what is said at this cell's broker and at its neighbours' to a file of JSON lines, without taking a message from anybody. Tokens, passwords, keys, user data and service catalogs are taken out. Ends with --seconds or an interrupt.",
    )
    .requiredOption('--out <file>', 'a new file; only its owner may read it')
    .option('--seconds <number>', 'how long to listen (default: until interrupted)', parseSeconds)
    .option('--exchange <name>', 'an exchange in place of those between cells; may be repeated', collect)
    .action(async ({ out, seconds, exchange: exchanges, ...files }: CaptureCommandOptions) => {
      const config = await readConfig(files, context);
      const ending = endingAfter(seconds);
      try {
        await capture(config, context, { out, signal: ending.signal, ...(exchanges === undefined ? {} : { exchanges }) });
      } finally {
        ending.done();
      }
    });
  withExamples(withConfigFile(command), [
    ['while a user does what goes wrong', 'burstcell capture --out puzzle.jsonl'],
    ['the next ten minutes', 'burstcell capture --out busy.jsonl --seconds 600'],
  ]);
}

/** A signal that comes with the time, or when the process is told to stop: what was recorded by then is whole. */
function endingAfter(seconds: number | undefined): { readonly signal: AbortSignal; done(): void } {
  const stop = new AbortController();
  const end = () => stop.abort();
  const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1_000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const done = () => {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  };
  return { signal: stop.signal, done };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}
