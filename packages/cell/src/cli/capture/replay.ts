import { setTimeout as pause } from 'node:timers/promises';
import { type Delivery, type ExchangeDeclaration, TransportError } from '@burstcell/wire';
import type { CellConfig } from '../../config/cell-config.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { compareTold, type Difference } from './compare.js';
import { type Letter, lettersOf, lettersTo, type ScratchNames } from './letters.js';
import { Listener } from './listener.js';
import { type Place, placesOf } from './places.js';
import { interCellIn, type Recording } from './recording.js';
import { refuseUnlessScratch } from './scratch.js';
import { type Row, sideBySide } from './side-by-side.js';
import { AWAKE_RETRY_MS, AWAKE_TIMEOUT_MS, PROGRESS_MS, SEND_TIMEOUT_MS } from './timings.js';
import { Told } from './told.js';
import { wakingCall } from './waking.js';

export interface ReplayOptions {
  /** 1: as it went; 10: ten times as fast; 0: without pauses. */
  readonly speed: number;
  /** It is over when nothing has come up for so long. */
  readonly quietMs: number;
  readonly force: boolean;
  /** How long the cell may take to answer at all. */
  readonly awakeMs?: number;
  /** In place of the exchanges between cells: sent as they were, and not compared. */
  readonly exchanges?: readonly string[];
}

export interface Replayed {
  readonly sent: number;
  readonly cameUpThen: number;
  readonly cameUp: number;
  readonly rows: readonly Row[];
  readonly differences: readonly Difference[];
}

interface Given {
  readonly context: CliContext;
  readonly options: ReplayOptions;
}

/** Sends what the recorded parents said to the cell of this configuration, and compares what it tells its parent by meaning. */
export async function replay(recording: Recording, config: CellConfig, { context, options }: Given): Promise<Replayed> {
  const [own, ...neighbours] = await placesOf(config, context);
  if (!options.force) await refuseUnlessScratch(config, [own, ...neighbours], recording.header);
  const parents = neighbours.filter(({ broker }) => broker.side === 'parent');
  const names = scratchNames(own, parents);
  const letters = lettersIn(recording, names, options);
  const run = new Run(config, context, options);
  try {
    await run.open(own, parents);
    if (options.exchanges === undefined) await run.wake(letters, names);
    await run.send(letters);
    await run.quiet();
  } finally {
    await run.close();
  }
  return run.result(recording, letters);
}

function scratchNames({ broker }: Place, [parent]: readonly Place[]): ScratchNames {
  const { cell, exchange, queueBase } = broker;
  return { cell, exchange, queueBase, parent: parent?.broker.cell ?? '' };
}

function lettersIn(recording: Recording, names: ScratchNames, { exchanges }: ReplayOptions): readonly Letter[] {
  const letters = exchanges === undefined ? lettersTo(recording, names) : lettersOf(recording, exchanges);
  if (letters.length > 0) return letters;
  throw new CliError('there is nothing to send in this recording', 'It holds no message of a parent to the recorded cell.');
}

class Run {
  private readonly after = new Told();
  private readonly listeners: Listener[] = [];
  private lastHeardAt = Date.now();
  private isAwake = false;
  private cameUp = 0;
  private sent = 0;

  constructor(
    private readonly config: CellConfig,
    private readonly context: CliContext,
    private readonly options: ReplayOptions,
  ) {}

  /** Our own connection to the cell's broker comes first; it hears what others send there as well, which is of no interest. */
  async open(own: Place, parents: readonly Place[]): Promise<void> {
    for (const place of [own, ...parents]) {
      const isParent = place !== own;
      this.listeners.push(
        await Listener.open(place, {
          rabbit: this.config.rabbit,
          hear: (delivery) => isParent && this.hear(delivery),
          onGap: (what) => this.context.complain(`warning: ${what}; what came up meanwhile is missing`),
        }),
      );
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
  }

  /** Asks until the cell answers. Rejects with a CliError when it does not: what is sent to nobody is lost. */
  async wake([first]: readonly Letter[], names: ScratchNames): Promise<void> {
    const end = Date.now() + (this.options.awakeMs ?? AWAKE_TIMEOUT_MS);
    while (!this.isAwake) {
      if (Date.now() > end) {
        throw new CliError(
          `the cell ${names.cell} does not answer`,
          `Start it with 'burstcell run'; the recording's parent is ${names.parent} here.`,
        );
      }
      const call = first === undefined ? null : wakingCall(first, names);
      if (call !== null) await this.publish(call);
      await pause(AWAKE_RETRY_MS);
    }
  }

  async send(letters: readonly Letter[]): Promise<void> {
    const { speed } = this.options;
    const began = Date.now();
    const firstMs = letters[0]?.atMs ?? 0;
    let toldAt = began;
    for (const letter of letters) {
      const dueMs = speed === 0 ? 0 : (letter.atMs - firstMs) / speed;
      const waitMs = began + dueMs - Date.now();
      if (waitMs > 0) await pause(waitMs);
      await this.publish(letter);
      this.sent += 1;
      if (Date.now() - toldAt < PROGRESS_MS) continue;
      toldAt = Date.now();
      this.context.complain(`${this.sent} of ${letters.length} sent, ${this.cameUp} came up`);
    }
    this.lastHeardAt = Date.now();
  }

  async quiet(): Promise<void> {
    for (;;) {
      const leftMs = this.lastHeardAt + this.options.quietMs - Date.now();
      if (leftMs <= 0) return;
      await pause(leftMs);
    }
  }

  result({ header, messages }: Recording, letters: readonly Letter[]): Replayed {
    const before = new Told();
    const sides = new Map(header.brokers.map(({ cell, side }) => [cell, side]));
    const recorded = messages.filter(({ broker }) => sides.get(broker) === 'parent').map(interCellIn);
    const up = recorded.filter((message) => message !== null && message.direction === 'up');
    for (const message of up) if (message !== null) before.take(message);
    const differences = compareTold(before, this.after);
    const questions = letters.flatMap(({ message }) => message ?? []);
    const rows = sideBySide({ before, after: this.after }, differences, questions);
    return { sent: this.sent, cameUpThen: up.length, cameUp: this.cameUp, rows, differences };
  }

  private hear({ body }: Delivery): void {
    const message = interCellIn({ body: body.toString('utf8') });
    if (message === null || message.direction !== 'up') return;
    this.lastHeardAt = Date.now();
    if (message.methodName === 'update_capabilities') this.isAwake = true;
    // What the cell says of itself every minute is no answer to the recording.
    if (message.methodName.startsWith('update_cap')) return;
    this.cameUp += 1;
    this.after.take(message);
  }

  private async publish({ exchange, routingKey, body, isFanout }: Letter): Promise<void> {
    const [own] = this.listeners;
    if (own === undefined) throw new Error('nothing is open');
    try {
      const declare = this.declarationOf(exchange, isFanout);
      await own.transport.publish(exchange, routingKey, body, { declare, timeoutMs: SEND_TIMEOUT_MS });
    } catch (cause) {
      if (!(cause instanceof TransportError)) throw cause;
      throw new CliError(`${exchange} took no message: ${cause.message}`, "See what 'burstcell doctor' says of the broker.", {
        cause,
      });
    }
  }

  private declarationOf(name: string, isFanout: boolean): ExchangeDeclaration {
    const { amqpDurableQueues: durable, amqpAutoDelete: autoDelete } = this.config.rabbit;
    if (this.options.exchanges !== undefined) return { name, type: 'passive' };
    return isFanout ? { name, type: 'fanout', durable: false, autoDelete: true } : { name, type: 'topic', durable, autoDelete };
  }
}
