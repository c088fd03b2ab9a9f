import type { ChannelModel } from 'amqplib';
import { TransportError } from '../errors.js';
import { DRAIN_MS, DRAIN_POLL_MS } from '../timings.js';
import { AmqpConsumer } from './consumer.js';
import { abortableDelay } from './delays.js';
import { AmqpLink } from './link.js';
import { Publisher } from './publisher.js';
import type { Consumer, ConsumerOptions, PublishOptions, TransportOptions, TransportState } from './types.js';

/** A connection to one broker that mends itself. Knows exchanges, queues and bytes; nothing of RPC. */
export class AmqpTransport {
  readonly #listeners = new Set<(state: TransportState) => void>();
  readonly #consumers = new Set<AmqpConsumer>();
  /** What the broker refuses at present, by exchange name or consumer. */
  readonly #problems = new Map<unknown, Error>();
  readonly #publisher: Publisher;
  readonly #link: AmqpLink;
  readonly #log: TransportOptions['log'];
  #model: ChannelModel | null = null;
  #host: string | undefined;
  #state: TransportState = { name: 'connecting' };
  #closing: Promise<void> | null = null;

  private constructor(options: TransportOptions) {
    this.#log = options.log;
    this.#publisher = new Publisher({ problem: (key, error) => this.#onProblem(key, error) }, options.log, options.maxInFlight);
    this.#link = new AmqpLink(options, {
      connecting: (host, attempts, error) => this.#onConnecting(host, attempts, error),
      up: (model, host) => this.#onUp(model, host),
      down: () => this.#onDown(),
    });
  }

  /** Starts connecting and returns at once: a broker that is away is waited for, never an error. */
  static connect(options: TransportOptions): AmqpTransport {
    return new AmqpTransport(options);
  }

  get state(): TransportState {
    return this.#state;
  }

  /** Called at every change, from the next one on. Returns the function that ends it. */
  onState(listener: (state: TransportState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when connected. Rejects with TransportError `aborted` or `closed`. */
  ready(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error: Error | null): void => {
        off();
        signal?.removeEventListener('abort', onAbort);
        if (error === null) resolve();
        else reject(error);
      };
      const onAbort = (): void => end(new TransportError('aborted', 'no longer waiting for the broker'));
      const look = (): void => {
        if (this.#model !== null) end(null);
        else if (this.#closing !== null) end(new TransportError('closed', 'the transport is closed'));
      };
      const off = this.onState(look);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      else look();
    });
  }

  /**
   * Resolves when the broker has confirmed the message; waits across reconnects, and sends again what was
   * not confirmed (so a message can arrive twice). Rejects with a TransportError when the signal, the
   * timeout or `close` ends the wait, or when the exchange is not there and `declare` does not make it.
   */
  publish(exchange: string, routingKey: string, body: Buffer, options: PublishOptions = {}): Promise<void> {
    return this.#publisher.publish({ exchange, routingKey, body }, options);
  }

  /** Declares and reads queues, now and after every reconnect, until cancelled. */
  consume(options: ConsumerOptions): Consumer {
    const consumer = new AmqpConsumer(
      options,
      { problem: (key, error) => this.#onProblem(key, error), ended: (ended) => this.#consumers.delete(ended) },
      this.#log,
    );
    this.#consumers.add(consumer);
    if (this.#model !== null) consumer.up(this.#model);
    return consumer;
  }

  /** Stops consumers, waits a little for due confirms, closes. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.cancel()));
    const deadline = AbortSignal.timeout(DRAIN_MS);
    while (this.#model !== null && this.#publisher.waiting > 0 && !deadline.aborted)
      await abortableDelay(DRAIN_POLL_MS, deadline);
    this.#publisher.close();
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await this.#link.close();
    this.#set({ name: 'closed' });
  }

  #onUp(model: ChannelModel, host: string): void {
    this.#model = model;
    this.#host = host;
    this.#problems.clear();
    this.#publisher.up(model);
    for (const consumer of this.#consumers) consumer.up(model);
    this.#tellConnected();
  }

  #onDown(): void {
    this.#model = null;
    this.#publisher.down();
    for (const consumer of this.#consumers) consumer.down();
  }

  #onConnecting(host: string, attempts: number, error: Error | undefined): void {
    this.#set({ name: 'connecting', host, attempts, ...(error === undefined ? {} : { error }) });
  }

  #onProblem(key: unknown, error: Error | null): void {
    if (error === null && !this.#problems.delete(key)) return;
    if (error !== null) this.#problems.set(key, error);
    if (error !== null) this.#log?.error({ err: error }, 'the broker refuses what we need');
    this.#tellConnected();
  }

  #tellConnected(): void {
    if (this.#model === null) return;
    const [error] = this.#problems.values();
    const host = this.#host === undefined ? {} : { host: this.#host };
    this.#set(error === undefined ? { name: 'connected', ...host } : { name: 'refused', error, ...host });
  }

  #set(state: TransportState): void {
    if (this.#state.name === 'closed') return;
    this.#state = state;
    for (const listener of [...this.#listeners]) this.#tell(listener, state);
  }

  /** A listener's mistake must not end the loop that keeps the connection. */
  #tell(listener: (state: TransportState) => void, state: TransportState): void {
    try {
      listener(state);
    } catch (err) {
      this.#log?.error({ err }, 'a listener of the transport failed');
    }
  }
}
