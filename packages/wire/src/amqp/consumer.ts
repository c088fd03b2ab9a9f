import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { TransportError } from '../errors.js';
import { MISMATCH_RETRY_MS, RECONNECT_FIRST_MS } from '../timings.js';
import { AckBatch } from './ack-batch.js';
import { declareTopology } from './topology.js';
import type { Consumer, ConsumerOptions, Delivery, TransportLog } from './types.js';

export interface ConsumerEvents {
  problem(consumer: object, error: Error | null): void;
  ended(consumer: AmqpConsumer): void;
}

/** Reads queues over whatever connection there is: declares them and consumes anew after each reconnect. */
export class AmqpConsumer implements Consumer {
  readonly ready: Promise<void>;
  #model: ChannelModel | null = null;
  #channel: Channel | null = null;
  #acks: AckBatch | null = null;
  #timer: NodeJS.Timeout | undefined;
  #cancelled = false;
  #onReady: () => void = () => undefined;
  #onEnded: (error: Error) => void = () => undefined;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly events: ConsumerEvents,
    private readonly log: TransportLog | undefined,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onEnded = reject;
    });
    // Nobody need wait for it.
    this.ready.catch(() => undefined);
  }

  up(model: ChannelModel): void {
    this.#model = model;
    void this.#start(model);
  }

  down(): void {
    this.#model = null;
    this.#channel = null;
    clearTimeout(this.#timer);
  }

  async cancel(): Promise<void> {
    if (this.#cancelled) return;
    this.#cancelled = true;
    clearTimeout(this.#timer);
    this.#onEnded(new TransportError('closed', 'the consumer was cancelled'));
    const channel = this.#channel;
    if (channel !== null) for (const queue of this.options.queues) await channel.cancel(tagOf(queue)).catch(() => undefined);
  }

  /** Sends the acknowledgements given so far and closes; what was not acknowledged goes back to the queue. */
  async close(): Promise<void> {
    await this.cancel();
    this.#acks?.flush();
    await this.#channel?.close().catch(() => undefined);
    this.#channel = null;
    this.events.ended(this);
  }

  async #start(model: ChannelModel): Promise<void> {
    if (this.#cancelled) return;
    try {
      await declareTopology(model, this.options.topology);
      await this.#consume(model);
      if (this.#model !== model) return;
      this.events.problem(this, null);
      this.#onReady();
    } catch (cause) {
      this.#onFailed(model, cause);
    }
  }

  async #consume(model: ChannelModel): Promise<void> {
    if (this.#cancelled) return;
    const channel = await model.createChannel();
    const acks = new AckBatch(channel);
    channel.on('error', (err) =>
      this.log?.warn({ err, queues: this.options.queues }, 'the broker closed the channel to consume on'),
    );
    channel.on('close', () => this.#onChannelClosed(channel));
    await channel.prefetch(this.options.prefetch);
    this.#channel = channel;
    this.#acks = acks;
    for (const queue of this.options.queues) {
      await channel.consume(queue, (message) => this.#onMessage(channel, acks, message), { consumerTag: tagOf(queue) });
    }
  }

  #onMessage(channel: Channel, acks: AckBatch, message: ConsumeMessage | null): void {
    if (message === null) {
      // Somebody deleted the queue: begin again, declaring it.
      this.log?.warn({ queues: this.options.queues }, 'the broker cancelled a consumer');
      channel.close().catch(() => undefined);
      return;
    }
    const { deliveryTag } = message.fields;
    acks.delivered(deliveryTag);
    try {
      this.options.onDelivery(deliveryOf(message, acks));
    } catch (err) {
      this.log?.error({ err }, 'a message could not be taken in; it stays with the broker');
    }
  }

  #onChannelClosed(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#channel = null;
    if (this.#model !== null && !this.#cancelled) this.#retryIn(RECONNECT_FIRST_MS);
  }

  #onFailed(model: ChannelModel, cause: unknown): void {
    if (this.#model !== model || this.#cancelled) return;
    // A refusal is mended by a person; anything else is a queue or channel that went away meanwhile.
    const isRefusal = cause instanceof TransportError;
    if (isRefusal) this.events.problem(this, cause);
    this.#retryIn(isRefusal ? MISMATCH_RETRY_MS : RECONNECT_FIRST_MS);
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#model !== null) void this.#start(this.#model);
    }, ms);
  }
}

function deliveryOf(message: ConsumeMessage, acks: AckBatch): Delivery {
  const { deliveryTag, exchange, routingKey, redelivered } = message.fields;
  return {
    body: message.content,
    properties: message.properties,
    exchange,
    routingKey,
    redelivered,
    ack: () => acks.ack(deliveryTag),
    requeue: () => acks.requeue(deliveryTag),
  };
}

/** Consumer tags live per channel, and a channel reads each queue once. */
function tagOf(queue: string): string {
  return queue;
}
