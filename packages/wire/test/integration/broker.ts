import { randomUUID } from 'node:crypto';
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { connect } from 'amqplib';
import { AmqpTransport, type ParsedTransportUrl, type TransportOptions, type TransportState } from '../../src/index.js';
import { testBroker } from '../config.js';

/** Quick enough for a test, and still a pause. */
export const QUICK_BACKOFF = { firstMs: 20, maxMs: 200 };

export function uniqueName(what: string): string {
  return `wire-test-${what}-${randomUUID().slice(0, 8)}`;
}

/** A transport to the test broker; close it in the test. */
export function aTransport(options: Partial<TransportOptions> = {}): AmqpTransport {
  return AmqpTransport.connect({ urls: testBroker(), connectionName: 'wire-test', backoff: QUICK_BACKOFF, ...options });
}

/** Waits until a state of this name is seen; with those seen so far. */
export function stateOf(transport: AmqpTransport, name: TransportState['name']): Promise<TransportState> {
  if (transport.state.name === name) return Promise.resolve(transport.state);
  return new Promise((resolve) => {
    const off = transport.onState((state) => {
      if (state.name !== name) return;
      off();
      resolve(state);
    });
  });
}

/** A plain connection beside the one under test, for looking and clearing up. */
export async function onBroker<T>(
  use: (channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>) => Promise<T>,
): Promise<T> {
  const { hosts, virtualHost } = testBroker();
  const host = hosts[0];
  if (host === undefined) throw new Error('no broker');
  const { hostname, port, username, password } = host;
  const model = await connect({ hostname, port, username, password, vhost: encodeURIComponent(virtualHost) }, { noDelay: true });
  model.on('error', () => undefined);
  try {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    const result = await use(channel);
    // Closing the connection alone may overtake what is still buffered on the channel.
    await channel.close();
    return result;
  } finally {
    await model.close().catch(() => undefined);
  }
}

export async function dropAll(names: { exchanges?: readonly string[]; queues?: readonly string[] }): Promise<void> {
  await onBroker(async (channel) => {
    for (const queue of names.queues ?? []) await channel.deleteQueue(queue);
    for (const exchange of names.exchanges ?? []) await channel.deleteExchange(exchange);
  });
}

/** A door to the broker that can be slammed. */
export class BrokerDoor {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;
  /** Connections taken so far. */
  accepted = 0;

  private constructor() {
    this.#server = createServer((client) => this.#bridge(client));
  }

  static async start(): Promise<BrokerDoor> {
    const door = new BrokerDoor();
    await door.open();
    return door;
  }

  /** The broker's URL through this door. */
  get urls(): ParsedTransportUrl {
    const urls = testBroker();
    return { ...urls, hosts: urls.hosts.slice(0, 1).map((host) => ({ ...host, hostname: '127.0.0.1', port: this.#port })) };
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Breaks every connection, as a crash of the broker's machine would. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #bridge(client: Socket): void {
    this.accepted += 1;
    const { hostname, port } = testBroker().hosts[0] ?? { hostname: '127.0.0.1', port: 5672 };
    const broker = connectSocket(port, hostname);
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    client.setNoDelay(true);
    broker.setNoDelay(true);
    client.pipe(broker);
    broker.pipe(client);
  }
}
