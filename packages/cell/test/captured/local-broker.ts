import type { AmqpTransport, Consumer, ConsumerOptions, Delivery } from '@burstcell/wire';

/** What is handed to a consumer. */
export interface Letter {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly contentType?: string | undefined;
  readonly redelivered?: boolean;
}

/** What became of a delivery. */
export type Settled = 'acked' | 'requeued';

/** A broker within the process: consumers get what is handed in, without a connection. */
export class LocalBroker {
  private readonly consumers: ConsumerOptions[] = [];

  /** As far as an `RpcServer` uses one. */
  get transport(): AmqpTransport {
    const consume = (options: ConsumerOptions): Consumer => {
      this.consumers.push(options);
      return { ready: Promise.resolve(), cancel: async () => undefined };
    };
    return { consume, publish: async () => undefined } as unknown as AmqpTransport;
  }

  /** Resolves when the consumer has settled it. Rejects where nobody reads what goes there. */
  async deliver(letter: Letter): Promise<Settled> {
    const consumer = this.consumers.find((candidate) => reads(candidate, letter));
    if (consumer === undefined) throw new Error(`nobody reads ${letter.exchange} / ${letter.routingKey}`);
    return new Promise((resolve) => consumer.onDelivery(deliveryOf(letter, resolve)));
  }
}

function reads({ topology }: ConsumerOptions, { exchange, routingKey }: Letter): boolean {
  const isFanout = topology.exchanges.some(({ name, type }) => name === exchange && type === 'fanout');
  const bindings = topology.queues.flatMap((queue) => queue.bindings);
  return bindings.some((binding) => binding.exchange === exchange && (isFanout || binding.routingKey === routingKey));
}

function deliveryOf(letter: Letter, settle: (how: Settled) => void): Delivery {
  const { exchange, routingKey, body, contentType = 'application/json', redelivered = false } = letter;
  return {
    body,
    properties: { contentType, headers: {} } as Delivery['properties'],
    exchange,
    routingKey,
    redelivered,
    ack: () => settle('acked'),
    requeue: () => settle('requeued'),
  };
}
