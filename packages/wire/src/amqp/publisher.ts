import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { TransportError } from '../errors.js';
import { MAX_IN_FLIGHT, RECONNECT_FIRST_MS } from '../timings.js';
import { Lane, type LaneHost, type Pending } from './publisher-lane.js';
import type { PublishOptions, TransportLog } from './types.js';

export interface PublisherEvents {
  /** An exchange cannot be declared (error) or now is (null). */
  problem(exchange: string, error: Error | null): void;
}

/**
 * Publishes with confirms over whatever connection there is. Messages to one exchange keep their order; one
 * exchange that the broker refuses does not hold up another. What a lost channel left unconfirmed is sent again.
 */
export class Publisher implements LaneHost {
  readonly #lanes = new Map<string, Lane>();
  readonly #inFlight = new Set<Pending>();
  readonly #maxInFlight: number;
  #model: ChannelModel | null = null;
  #channel: ConfirmChannel | null = null;
  #opening = false;
  #closed = false;

  constructor(
    private readonly events: PublisherEvents,
    private readonly log: TransportLog | undefined,
    maxInFlight: number | undefined,
  ) {
    this.#maxInFlight = maxInFlight ?? MAX_IN_FLIGHT;
  }

  get model(): ChannelModel | null {
    return this.#model;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  publish(message: { exchange: string; routingKey: string; body: Buffer }, options: PublishOptions): Promise<void> {
    if (this.#closed) return Promise.reject(new TransportError('closed', 'the transport is closed'));
    return new Promise((resolve, reject) => {
      this.#laneOf(message.exchange).add({ ...message, options, resolve, reject });
      this.pump();
    });
  }

  up(model: ChannelModel): void {
    this.#model = model;
    void this.#openChannel(model);
  }

  down(): void {
    this.#model = null;
    this.#dropChannel();
  }

  /** Messages that may still be confirmed soon: not those whose exchange is missing. */
  get waiting(): number {
    let waiting = this.#inFlight.size;
    for (const lane of this.#lanes.values()) if (!lane.isStuck) waiting += lane.length;
    return waiting;
  }

  close(): void {
    this.#closed = true;
    const error = new TransportError('closed', 'the transport was closed before the broker confirmed the message');
    for (const pending of this.#inFlight) pending.finish(error);
    for (const lane of this.#lanes.values()) lane.close(error);
    this.#inFlight.clear();
  }

  /** Sends what can be sent now. Called after every change that may allow more. */
  pump(): void {
    for (const lane of this.#lanes.values()) {
      while (this.#channel !== null && this.#inFlight.size < this.#maxInFlight) {
        const pending = lane.next();
        if (pending === null) break;
        this.#send(this.#channel, lane, pending);
      }
      if (lane.isIdle) this.#lanes.delete(lane.exchange);
    }
    const isQueued = [...this.#lanes.values()].some((lane) => lane.length > 0);
    if (isQueued && this.#channel === null) void this.#openChannel(this.#model);
  }

  problem(exchange: string, error: Error | null): void {
    this.events.problem(exchange, error);
  }

  forget(pending: Pending): void {
    this.#inFlight.delete(pending);
    this.pump();
  }

  #laneOf(exchange: string): Lane {
    const known = this.#lanes.get(exchange);
    if (known !== undefined) return known;
    const lane = new Lane(exchange, this);
    this.#lanes.set(exchange, lane);
    return lane;
  }

  #send(channel: ConfirmChannel, lane: Lane, pending: Pending): void {
    this.#inFlight.add(pending);
    const confirmed = (error: unknown): void => {
      // After the channel's end everything unconfirmed is back in its lane: such an answer is stale.
      if (this.#channel !== channel || !this.#inFlight.delete(pending)) return;
      if (error) lane.nacked(pending);
      else pending.finish(null);
      this.pump();
    };
    try {
      channel.publish(pending.exchange, pending.routingKey, pending.body, propertiesOf(pending.options), confirmed);
    } catch (err) {
      // The channel is dead and its close event still to come, after which all this goes out on the next one.
      this.log?.debug({ err }, 'the channel to publish on is gone');
      this.#dropChannel();
      this.#pumpLater();
    }
  }

  #pumpLater(): void {
    setTimeout(() => this.pump(), RECONNECT_FIRST_MS).unref();
  }

  async #openChannel(model: ChannelModel | null): Promise<void> {
    if (model === null || this.#opening || this.#channel !== null) return;
    this.#opening = true;
    try {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error) => this.#onChannelError(channel, error));
      channel.on('close', () => {
        if (this.#channel === channel) this.#dropChannel();
        this.pump();
      });
      if (this.#model === model) this.#channel = channel;
    } catch (err) {
      // The connection went away meanwhile; the next one opens its own.
      this.log?.debug({ err }, 'no channel to publish on');
      this.#pumpLater();
      return;
    } finally {
      this.#opening = false;
    }
    this.pump();
  }

  #onChannelError(channel: ConfirmChannel, error: Error): void {
    if (this.#channel !== channel) return;
    this.log?.warn({ err: error }, 'the broker closed the channel to publish on');
    const missing = /no exchange '([^']*)'/.exec(error.message)?.[1];
    this.#dropChannel();
    if (missing !== undefined) this.#lanes.get(missing)?.exchangeMissing(error);
  }

  /** Everything unconfirmed goes back to the front of its lane, in the order it was sent. */
  #dropChannel(): void {
    this.#channel = null;
    const unconfirmed = [...this.#inFlight].reverse();
    this.#inFlight.clear();
    for (const pending of unconfirmed) this.#laneOf(pending.exchange).putBack(pending);
    if (this.#model === null) for (const lane of this.#lanes.values()) lane.connectionLost();
  }
}

/** As kombu publishes in every release: persistent JSON, priority 0, no expiration. */
function propertiesOf(options: PublishOptions): object {
  return {
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    deliveryMode: 2,
    priority: 0,
    headers: { ...options.headers },
  };
}
