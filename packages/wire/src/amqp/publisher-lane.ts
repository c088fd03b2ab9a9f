import type { ChannelModel } from 'amqplib';
import { TransportError } from '../errors.js';
import { MISMATCH_RETRY_MS, RECONNECT_FIRST_MS, REPLY_EXCHANGE_POLL_MS } from '../timings.js';
import { declareTopology } from './topology.js';
import type { PublishOptions } from './types.js';

export interface PendingInput {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: PublishOptions;
  resolve(): void;
  reject(error: Error): void;
}

/** One message on its way, from `publish` to the broker's confirm. */
export interface Pending extends Omit<PendingInput, 'resolve' | 'reject'> {
  /** Ends the wait, once. */
  finish(error: Error | null): void;
}

export interface LaneHost {
  readonly model: ChannelModel | null;
  readonly isClosed: boolean;
  pump(): void;
  problem(exchange: string, error: Error | null): void;
  forget(pending: Pending): void;
}

/** `blocked`: waiting for a declaration, or for the next try of one. */
type LaneState = 'undeclared' | 'blocked' | 'ready';

/** The messages to one exchange, in order, and whether it is known to exist on the present connection. */
export class Lane {
  readonly #queue: Pending[] = [];
  #state: LaneState = 'undeclared';
  #error: Error | null = null;
  /** Somebody else's exchange, waited for and never made. */
  #passive = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly exchange: string,
    private readonly host: LaneHost,
  ) {}

  get length(): number {
    return this.#queue.length;
  }

  /** Empty and without anything worth remembering: callers' reply exchanges come and go, ours stay. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#passive;
  }

  /** The broker refused the exchange, or it is not there. */
  get isStuck(): boolean {
    return this.#error !== null;
  }

  add(input: PendingInput): void {
    const { signal, timeoutMs } = input.options;
    if (signal?.aborted) {
      input.reject(new TransportError('aborted', `not published to ${this.exchange}: aborted`));
      return;
    }
    const finish = (error: Error | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (error === null) input.resolve();
      else input.reject(error);
    };
    const pending: Pending = { ...input, finish };
    const onAbort = (): void => this.#giveUp(pending, 'aborted');
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#giveUp(pending, 'timeout'), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#queue.push(pending);
  }

  /** The next message to send, or null: none, or the exchange is not there yet. */
  next(): Pending | null {
    const pending = this.#queue[0];
    if (pending === undefined || this.#state === 'blocked') return null;
    if (this.#state === 'undeclared' && pending.options.declare !== undefined) {
      void this.#declare(pending);
      return null;
    }
    return this.#queue.shift() ?? null;
  }

  putBack(pending: Pending): void {
    this.#queue.unshift(pending);
  }

  /** A broker that refuses a message (a queue's length limit, say) gets it again after a moment. */
  nacked(pending: Pending): void {
    this.putBack(pending);
    this.#block(RECONNECT_FIRST_MS, 'ready');
  }

  /** Exchanges with auto_delete go with their last queue: declared again where we know how, an error where not. */
  exchangeMissing(cause: Error): void {
    this.#state = 'undeclared';
    const orphans = this.#queue.filter((pending) => pending.options.declare === undefined);
    for (const pending of orphans) {
      this.#remove(pending);
      pending.finish(new TransportError('no-exchange', `exchange ${this.exchange} does not exist`, { cause }));
    }
  }

  connectionLost(): void {
    clearTimeout(this.#timer);
    this.#state = 'undeclared';
  }

  close(error: Error): void {
    clearTimeout(this.#timer);
    for (const pending of this.#queue.splice(0)) pending.finish(error);
  }

  async #declare(pending: Pending): Promise<void> {
    const { model } = this.host;
    const { declare } = pending.options;
    if (model === null || declare === undefined) return;
    this.#state = 'blocked';
    this.#passive = declare.type === 'passive';
    try {
      await declareTopology(model, { exchanges: [declare], queues: [] });
      if (this.host.model !== model) return;
      this.#declared();
    } catch (cause) {
      if (this.host.model !== model || this.host.isClosed) return;
      this.#refused(cause);
    }
    this.host.pump();
  }

  #declared(): void {
    this.#state = 'ready';
    if (this.#error !== null && !this.#passive) this.host.problem(this.exchange, null);
    this.#error = null;
  }

  /** Nobody mends an exchange's flags within a second; a caller's reply exchange appears within one. */
  #refused(cause: unknown): void {
    this.#error = cause instanceof Error ? cause : new Error(String(cause));
    if (!this.#passive) this.host.problem(this.exchange, this.#error);
    this.#block(this.#passive ? REPLY_EXCHANGE_POLL_MS : MISMATCH_RETRY_MS, 'undeclared');
  }

  #block(ms: number, then: LaneState): void {
    this.#state = 'blocked';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#state = then;
      this.host.pump();
    }, ms);
  }

  #giveUp(pending: Pending, kind: 'aborted' | 'timeout'): void {
    this.#remove(pending);
    pending.finish(this.#reasonFor(kind));
    this.host.forget(pending);
  }

  #reasonFor(kind: 'aborted' | 'timeout'): TransportError {
    const told = this.#error instanceof TransportError ? this.#error : null;
    if (told !== null) return new TransportError(told.kind, told.message, { cause: told });
    return new TransportError(kind, `no confirm for a message to exchange ${this.exchange || '(default)'}: ${kind}`);
  }

  #remove(pending: Pending): void {
    const at = this.#queue.indexOf(pending);
    if (at >= 0) this.#queue.splice(at, 1);
  }
}
