import { randomBytes } from 'node:crypto';
import { AmqpTransport, type Delivery, type ExchangeDeclaration, type QueueDeclaration, type Topology } from '@burstcell/wire';
import type { RabbitConfig } from '../../config/cell-config.js';
import { readTlsFiles } from '../../config/tls.js';
import { CliError } from '../cli-error.js';
import type { Place } from './places.js';
import { HELD_BYTES, LISTEN_PREFETCH, LISTEN_TIMEOUT_MS, QUEUE_EXPIRES_MS } from './timings.js';

const TYPES = ['targeted', 'broadcast', 'response'];

export interface ListenOptions {
  readonly rabbit: RabbitConfig;
  /** Exchanges in place of the ones between cells: any, and only if they are there. */
  readonly exchanges?: readonly string[];
  readonly hear: (delivery: Delivery) => void;
  /** The connection was lost: what is said until it is back is not heard. */
  readonly onGap: (what: string) => void;
}

/**
 * Hears what is published at a broker and takes it from nobody: a queue of its own, bound beside those of the cells, that
 * goes with us and holds little when we stall. Exchanges between cells are declared as the cells declare them, so that it does
 * not matter who comes first; others are never made.
 */
export class Listener {
  private constructor(readonly transport: AmqpTransport) {}

  /** Resolves when everything published from now on is heard. Rejects with a CliError. */
  static async open(place: Place, options: ListenOptions): Promise<Listener> {
    const tls = readTlsFiles(options.rabbit);
    const connectionName = 'burstcell capture';
    const transport = AmqpTransport.connect({ urls: place.urls, connectionName, ...(tls === undefined ? {} : { tls }) });
    try {
      await connected(transport, place);
      await heard(transport, place, options);
    } catch (error) {
      await transport.close();
      throw error;
    }
    transport.onState(({ name }) => {
      if (name === 'connecting') options.onGap(`the connection to the broker of ${place.broker.cell} is lost`);
    });
    return new Listener(transport);
  }

  /** The queue goes with the connection. */
  close(): Promise<void> {
    return this.transport.close();
  }
}

async function connected(transport: AmqpTransport, { broker }: Place): Promise<void> {
  try {
    await transport.ready(AbortSignal.timeout(LISTEN_TIMEOUT_MS));
  } catch (cause) {
    const why = transport.state.error?.message ?? 'it does not answer';
    throw new CliError(`the broker of ${broker.cell} cannot be used: ${why}`, "See what 'burstcell doctor' says of it.", {
      cause,
    });
  }
}

async function heard(transport: AmqpTransport, place: Place, { rabbit, exchanges, hear }: ListenOptions): Promise<void> {
  const topology = exchanges === undefined ? betweenCells(place, rabbit) : ofOthers(exchanges);
  const consumer = transport.consume({
    topology,
    queues: topology.queues.map(({ name }) => name),
    prefetch: LISTEN_PREFETCH,
    onDelivery: (delivery) => {
      hear(delivery);
      delivery.ack();
    },
  });
  await orRefused(consumer.ready, transport, place);
}

/** A refusal is mended by a person: no use waiting for it. */
async function orRefused(ready: Promise<void>, transport: AmqpTransport, { broker }: Place): Promise<void> {
  let off = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    const fail = (why: string) => reject(new CliError(`nothing can be heard at the broker of ${broker.cell}: ${why}`, REMEDY));
    off = transport.onState(({ name, error }) => {
      if (name === 'refused') fail(error?.message ?? 'it refuses');
    });
    timer = setTimeout(() => fail('it does not answer'), LISTEN_TIMEOUT_MS);
  });
  try {
    await Promise.race([ready, refused]);
  } finally {
    off();
    clearTimeout(timer);
  }
}

const REMEDY = 'The user needs the permission to configure, write and read; an exchange given by name must exist.';

function betweenCells({ broker }: Place, { amqpDurableQueues: durable, amqpAutoDelete: autoDelete }: RabbitConfig): Topology {
  const fanouts = TYPES.map((type) => `${broker.queueBase}.${type}_fanout`);
  const topic: ExchangeDeclaration = { name: broker.exchange, type: 'topic', durable, autoDelete };
  return {
    exchanges: [topic, ...fanouts.map((name) => ({ name, type: 'fanout', durable: false, autoDelete: true }) as const)],
    queues: [ownQueue([[broker.exchange, `${broker.queueBase}.#`], ...fanouts.map((name) => [name, ''] as const)])],
  };
}

function ofOthers(exchanges: readonly string[]): Topology {
  return {
    exchanges: exchanges.map((name) => ({ name, type: 'passive' })),
    queues: [ownQueue(exchanges.map((name) => [name, '#'] as const))],
  };
}

function ownQueue(bindings: readonly (readonly [exchange: string, routingKey: string])[]): QueueDeclaration {
  return {
    name: `burstcell.capture.${randomBytes(8).toString('hex')}`,
    durable: false,
    autoDelete: true,
    arguments: { 'x-expires': QUEUE_EXPIRES_MS, 'x-max-length-bytes': HELD_BYTES, 'x-overflow': 'drop-head' },
    bindings: bindings.map(([exchange, routingKey]) => ({ exchange, routingKey })),
  };
}
