import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Release, stringifyJson } from '@burstcell/wire';
import type { RecordedMessage } from '../../src/cli/capture/recording.js';
import type { Letter } from '../captured/local-broker.js';
import { LocalCell } from '../captured/local-cell.js';
import { recordingOf } from '../captured/recordings.js';
import { Dice } from './dice.js';
import { mutated } from './mutate.js';
import { questionIn } from './question.js';

/** Letters handed in and not yet settled: what a prefetch allows. */
const IN_FLIGHT = 64;
/** A delivery that is not settled by then never will be: the cell's own longest wait is for a provider that says nothing. */
const SETTLE_MS = 60_000;
/** Operations have their own deadlines; what is asked and answered in the end has its answer long before. */
const REST_MS = 60_000;
/** Memory is looked at from here on: code is compiled, pools are open, caches are full. */
const WARM = 0.25;
/** Of a question that was not answered, for whoever looks into it. */
const KEPT_CHARACTERS = 300;
const MIB = 1024 * 1024;

export interface FuzzOptions {
  readonly release: Release;
  readonly messages: number;
  readonly seed: number;
  readonly tell?: (done: number) => void;
}

export interface FuzzFigures {
  readonly messages: number;
  readonly acked: number;
  readonly requeued: number;
  /** Neither within a minute. */
  readonly unsettled: number;
  /** Kept by the cell with their reason. */
  readonly rejected: number;
  /** Readable, for us, and somebody waits. */
  readonly queries: number;
  readonly unanswered: readonly string[];
  /** Rejections nobody handled, and exceptions nobody caught. */
  readonly accidents: readonly string[];
  /** Operations still open a minute after the last message. */
  readonly unfinished: number;
  readonly heapBeforeMb: number;
  readonly heapAfterMb: number;
  readonly rssBeforeMb: number;
  readonly rssAfterMb: number;
}

/** Spoilt messages of a recorded session to a whole cell. The same seed makes the same messages. */
export async function fuzz(options: FuzzOptions): Promise<FuzzFigures> {
  const { header, messages } = recordingOf(options.release);
  const parentName = header.brokers.find(({ side }) => side === 'parent')?.cell ?? 'api';
  const cell = await LocalCell.start({ release: options.release, name: header.cell, parentName });
  const run = new Run(cell, options, `${parentName}!${header.cell}`);
  try {
    return await run.all(messages.filter(({ broker }) => broker === header.cell));
  } finally {
    run.end();
    await cell.stop();
  }
}

class Run {
  private readonly dice: Dice;
  private readonly settled = { acked: 0, requeued: 0, unsettled: 0 };
  private readonly waiting = new Map<string, string>();
  private readonly accidents: string[] = [];
  private readonly note = (what: unknown) =>
    void this.accidents.push(what instanceof Error ? (what.stack ?? what.message) : String(what));
  private queries = 0;

  constructor(
    private readonly cell: LocalCell,
    private readonly options: FuzzOptions,
    private readonly path: string,
  ) {
    this.dice = new Dice(options.seed);
    process.on('unhandledRejection', this.note);
    process.on('uncaughtException', this.note);
    cell.onSaid = ({ responseUuid }) => void (responseUuid === undefined || this.waiting.delete(responseUuid));
  }

  end(): void {
    process.off('unhandledRejection', this.note);
    process.off('uncaughtException', this.note);
  }

  async all(recorded: readonly RecordedMessage[]): Promise<FuzzFigures> {
    const { messages } = this.options;
    const first = Math.floor(messages * WARM);
    await this.some(recorded, 0, first);
    await this.rest();
    const before = memory();
    await this.some(recorded, first, messages);
    const unfinished = await this.rest();
    const after = memory();
    return {
      messages,
      ...this.settled,
      rejected: await this.cell.store.rejected.count(),
      queries: this.queries,
      unanswered: [...this.waiting.values()],
      accidents: this.accidents,
      unfinished,
      heapBeforeMb: before.heapMb,
      heapAfterMb: after.heapMb,
      rssBeforeMb: before.rssMb,
      rssAfterMb: after.rssMb,
    };
  }

  private async some(recorded: readonly RecordedMessage[], from: number, to: number): Promise<void> {
    const flying = new Set<Promise<void>>();
    for (let index = from; index < to; index += 1) {
      const letter = mutated(this.dice.pick(recorded), this.dice);
      const flight = this.deliver(letter).finally(() => flying.delete(flight));
      flying.add(flight);
      if (flying.size >= IN_FLIGHT) await Promise.race(flying);
      this.options.tell?.(index + 1);
    }
    await Promise.all(flying);
  }

  private async deliver(letter: Letter): Promise<void> {
    this.expect(letter);
    const timer = new AbortController();
    const tooLate = new Promise<'unsettled'>((resolve) => {
      const timeout = setTimeout(() => resolve('unsettled'), SETTLE_MS);
      timer.signal.addEventListener('abort', () => clearTimeout(timeout));
    });
    this.settled[await Promise.race([this.cell.deliver(letter), tooLate])] += 1;
    timer.abort();
  }

  private expect(letter: Letter): void {
    const question = questionIn(letter, this.path);
    if (question === null) return;
    this.queries += 1;
    this.waiting.set(question.uuid, `${question.methodName} ${stringifyJson(question.methodKwargs).slice(0, KEPT_CHARACTERS)}`);
  }

  /** Answers how many operations are still open. */
  private async rest(): Promise<number> {
    return this.cell.quiet(REST_MS).then(
      () => 0,
      async () => (await this.cell.store.operations.counts()).queued,
    );
  }
}

/** What is left after a thorough collection. */
function memory(): { readonly heapMb: number; readonly rssMb: number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: Math.round(heapUsed / MIB), rssMb: Math.round(rss / MIB) };
}
