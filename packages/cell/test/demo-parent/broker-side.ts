import { randomUUID } from 'node:crypto';
import { AmqpTransport, parseTransportUrl, type Topology } from '@burstcell/wire';
import type { RawDelivery } from './read-message.js';

/** Unacked messages a parent holds: nova sets no limit, and acks on arrival. */
const PREFETCH = 500;
const FANOUT_TTL_MS = 60_000;
const TYPES = ['targeted', 'broadcast', 'response'] as const;

export interface SideNames {
  readonly exchange: string;
  readonly queueBase: string;
}

export interface BrokerOptions {
  /** Where the parent consumes. */
  readonly url: string;
  readonly own: SideNames;
  /** Where the child consumes; the same broker unless given. */
  readonly childUrl?: string;
  readonly child: SideNames;
  onDelivery(raw: RawDelivery): void;
}

/** The parent's two connections: it consumes on its own broker and publishes on its child's. */
export class BrokerSide {
  private readonly own: AmqpTransport;
  private readonly child: AmqpTransport;
  private consumer: { readonly ready: Promise<void>; cancel(): Promise<void> } | null = null;

  constructor(private readonly options: BrokerOptions) {
    this.own = AmqpTransport.connect({ urls: parseTransportUrl(options.url), connectionName: 'demo parent: own broker' });
    const childUrl = parseTransportUrl(options.childUrl ?? options.url);
    this.child = AmqpTransport.connect({ urls: childUrl, connectionName: 'demo parent: child broker' });
  }

  /** Declares the parent's six queues and reads them, acking on arrival as nova does. */
  async start(): Promise<void> {
    const topology = parentTopology(this.options.own);
    this.consumer = this.own.consume({
      topology,
      queues: topology.queues.map((queue) => queue.name),
      prefetch: PREFETCH,
      onDelivery: (delivery) => {
        delivery.ack();
        this.options.onDelivery({
          body: delivery.body,
          exchange: delivery.exchange,
          routingKey: delivery.routingKey,
          contentType: delivery.properties.contentType,
          deliveryMode: delivery.properties.deliveryMode,
        });
      },
    });
    await this.consumer.ready;
    await this.child.ready();
  }

  /** Publishes to the child as a parent does: the exchange is declared, the queue is not. */
  async publish(type: (typeof TYPES)[number], body: Buffer): Promise<void> {
    const { exchange, queueBase } = this.options.child;
    if (type === 'response') {
      const name = `${queueBase}.response_fanout`;
      await this.child.publish(name, '', body, { declare: { name, type: 'fanout', durable: false, autoDelete: true } });
      return;
    }
    const declare = { name: exchange, type: 'topic', durable: false, autoDelete: false } as const;
    await this.child.publish(exchange, `${queueBase}.${type}`, body, { declare });
  }

  async close(): Promise<void> {
    await this.consumer?.cancel();
    await Promise.all([this.own.close(), this.child.close()]);
  }
}

function parentTopology(names: SideNames): Topology {
  const topics = TYPES.map((type) => `${names.queueBase}.${type}`);
  const plain = topics.map((topic) => ({
    name: topic,
    durable: false,
    autoDelete: false,
    bindings: [{ exchange: names.exchange, routingKey: topic }],
  }));
  const fanout = topics.map((topic) => ({
    name: `${topic}_fanout_${randomUUID().replaceAll('-', '')}`,
    durable: false,
    autoDelete: true,
    arguments: { 'x-expires': FANOUT_TTL_MS },
    bindings: [{ exchange: `${topic}_fanout`, routingKey: topic }],
  }));
  return {
    exchanges: [
      { name: names.exchange, type: 'topic', durable: false, autoDelete: false },
      ...topics.map((topic) => ({ name: `${topic}_fanout`, type: 'fanout' as const, durable: false, autoDelete: true })),
    ],
    queues: [...plain, ...fanout],
  };
}
