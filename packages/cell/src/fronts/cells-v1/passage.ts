import { setTimeout as pause } from 'node:timers/promises';
import { forwarded, type InterCellMessage, type ResponseItem, TransportError } from '@burstcell/wire';
import type { Log } from '../../log.js';
import { AWAY_RETRY_MS, PUBLISH_TIMEOUT_MS } from '../../timings.js';
import type { Calls } from './calls.js';
import type { Neighbours } from './neighbours.js';
import { GATHER_SHARE, HELD_PER_NEIGHBOUR } from './timings.js';

interface PassageParts {
  readonly neighbours: Pick<Neighbours, 'send' | 'parentNames' | 'childNames' | 'children'>;
  readonly calls: Calls;
  readonly callTimeoutMs: number;
  readonly log: Log;
}

/** A message that cannot be handed on: there is no such cell any more, or too much waits for its broker already. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The process stops before a message could be handed on: it is the broker's again. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/**
 * What a cell in the middle does with messages for others: hands them on as they are. Nothing of them is stored; each stays
 * our broker's until the next broker has confirmed it, so dying here repeats it, and cells know repeats by their uuid.
 */
export class Passage {
  private readonly stopped = new AbortController();
  private readonly held = new Map<string, number>();

  constructor(private readonly parts: PassageParts) {}

  stop(): void {
    this.stopped.abort();
  }

  /** Resolves when the brokers of all these neighbours have it. Rejects with UnreachableError or InterruptedError. */
  async pass(message: InterCellMessage, to: readonly string[]): Promise<void> {
    const onward = forwarded(message);
    await Promise.all(to.map((name) => this.passTo(name, onward)));
  }

  /**
   * Asks these neighbours and resolves with what they and the cells behind them answered in time. Never rejects: the items of
   * those that are silent are missing, which is less harm above than no answer at all.
   */
  async ask(message: InterCellMessage, to: readonly string[]): Promise<readonly ResponseItem[]> {
    const { calls, log } = this.parts;
    const expected = {
      responses: this.expectedOf(message, to),
      timeoutMs: this.patienceMs(message),
      signal: this.stopped.signal,
    };
    const answers = calls.gather(message.uuid, expected);
    try {
      await this.pass(message, to);
    } catch (error) {
      log.warn({ method: message.methodName, messageId: message.uuid, err: error }, 'a question could not be handed on');
    }
    const items = await answers;
    if (items.length < expected.responses) {
      log.warn(
        { method: message.methodName, messageId: message.uuid, asked: to, answers: items.length },
        'not every cell answered',
      );
    }
    return items;
  }

  /** A mute child is asked, but not waited for: each listing would take all the time there is. */
  private expectedOf({ direction }: InterCellMessage, to: readonly string[]): number {
    const { children } = this.parts.neighbours;
    return direction === 'up' ? to.length : to.filter((name) => !children.isMute(name)).length;
  }

  /** Each cell on the way leaves the one before it time to gather. */
  private patienceMs({ hopCount }: InterCellMessage): number {
    return this.parts.callTimeoutMs * GATHER_SHARE ** Math.max(1, hopCount - 1);
  }

  private async passTo(name: string, message: InterCellMessage): Promise<void> {
    const waiting = this.held.get(name) ?? 0;
    if (waiting >= HELD_PER_NEIGHBOUR) throw new UnreachableError(`${waiting} messages wait for the broker of ${name} already`);
    this.held.set(name, waiting + 1);
    try {
      await this.insist(name, message);
    } finally {
      this.held.set(name, (this.held.get(name) ?? 1) - 1);
    }
  }

  private async insist(name: string, message: InterCellMessage): Promise<void> {
    const end = this.endOfInterest(message);
    for (;;) {
      this.check(name, message, end);
      try {
        return await this.parts.neighbours.send(message, Math.min(PUBLISH_TIMEOUT_MS, end - Date.now()), name);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        this.parts.log.warn({ cell: name, method: message.methodName, err: error }, 'a message waits to be handed on');
      }
      await pause(Math.min(AWAY_RETRY_MS, Math.max(0, end - Date.now())), undefined, { signal: this.stopped.signal }).catch(
        () => undefined,
      );
    }
  }

  /** Questions and answers are worth nothing once nobody waits; anything else is for ever. */
  private endOfInterest(message: InterCellMessage): number {
    const isAwaited = message.needResponse || message.messageType === 'response';
    return isAwaited ? Date.now() + this.patienceMs(message) : Number.POSITIVE_INFINITY;
  }

  private check(name: string, message: InterCellMessage, end: number): void {
    if (this.stopped.signal.aborted) throw new InterruptedError(`stopped before ${message.uuid} could be handed on`);
    if (!this.isKnown(name, message)) throw new UnreachableError(`there is no cell ${name} here any more`);
    if (Date.now() >= end) throw new UnreachableError(`the broker of ${name} did not take the message while somebody waited`);
  }

  private isKnown(name: string, { direction }: InterCellMessage): boolean {
    const { parentNames, childNames } = this.parts.neighbours;
    return (direction === 'up' ? parentNames : childNames).includes(name);
  }
}
