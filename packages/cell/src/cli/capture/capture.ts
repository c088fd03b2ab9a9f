import { open } from 'node:fs/promises';
import type { CellConfig } from '../../config/cell-config.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { Listener } from './listener.js';
import { type Place, placesOf } from './places.js';
import { Recorder } from './recorder.js';
import { headerLine, messageLine } from './recording.js';
import { PROGRESS_MS } from './timings.js';

export interface CaptureOptions {
  readonly out: string;
  /** In place of the exchanges between cells. */
  readonly exchanges?: readonly string[];
  /** Ends the capture. */
  readonly signal: AbortSignal;
}

/**
 * Records what is published at the cell's own broker and at its neighbours' until the signal comes. Answers how many messages
 * the file holds. Each line is written as it comes: dying leaves a file that can be read up to there.
 */
export async function capture(config: CellConfig, context: CliContext, options: CaptureOptions): Promise<number> {
  const places = await placesOf(config, context);
  const file = await openNew(options.out);
  const startedAt = Date.now();
  const stream = file.createWriteStream();
  const write = (line: string) => void stream.write(`${line}\n`);
  const recorder = new Recorder((message) => write(messageLine(message)), startedAt);
  const brokers = places.map(({ broker }) => broker);
  const release = config.burst.parentRelease;
  write(headerLine({ startedAt: new Date(startedAt).toISOString(), cell: config.cells.name, release, brokers }));
  try {
    await listenTo(places, { config, context, options, recorder });
  } finally {
    await new Promise<void>((resolve) => stream.end(resolve));
  }
  const { total, unreadable } = recorder;
  context.print(
    `${total} messages in ${options.out}${unreadable === 0 ? '' : `; ${unreadable} could not be read, and are there without their text`}`,
  );
  return total;
}

interface Recording {
  readonly config: CellConfig;
  readonly context: CliContext;
  readonly options: CaptureOptions;
  readonly recorder: Recorder;
}

async function listenTo(places: readonly Place[], { config, context, options, recorder }: Recording): Promise<void> {
  const { exchanges, signal } = options;
  const listeners: Listener[] = [];
  const progress = setInterval(() => context.complain(progressLine(recorder, places)), PROGRESS_MS);
  try {
    for (const place of places) {
      listeners.push(
        await Listener.open(place, {
          rabbit: config.rabbit,
          ...(exchanges === undefined ? {} : { exchanges }),
          hear: (delivery) => recorder.take(place.broker, delivery),
          onGap: (what) => context.complain(`warning: ${what}; what is said meanwhile is missing`),
        }),
      );
    }
    context.complain(`listening at the brokers of ${places.map(({ broker }) => broker.cell).join(', ')}`);
    await aborted(signal);
  } finally {
    clearInterval(progress);
    await Promise.all(listeners.map((listener) => listener.close()));
  }
}

/** For the owner alone: who lists servers by name and address is nobody else's business. */
async function openNew(path: string) {
  try {
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'it exists' : `it cannot be written (${code})`;
    throw new CliError(`${path}: ${why}`, 'Name another file with --out.', { cause, exitCode: ExitCode.USAGE });
  }
}

function progressLine({ counts }: Recorder, places: readonly Place[]): string {
  const parts = places.map(({ broker }) => `${counts.get(broker.cell) ?? 0} to ${broker.cell}`);
  return `${parts.join(', ')}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
