import {
  AmqpTransport,
  castOf,
  decodeResponse,
  dialectOf,
  type InterCellMessage,
  type InterCellNames,
  interCellMessageOf,
  intercellTargets,
  parseTransportUrl,
  type ResponseItem,
  RpcClient,
  RpcServer,
  topologyOf,
} from '@burstcell/wire';
import { aMessage } from './tools.js';

interface TopOptions {
  readonly amqpUrl: string;
  /** Its own queues, and those of the cell below it on the same broker. */
  readonly names: InterCellNames;
  readonly belowNames: InterCellNames;
}

/** The top of a tree of cells on a real broker: asks, and records what comes up. */
export class BrokerTop {
  readonly came: InterCellMessage[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly client: RpcClient;

  private constructor(
    private readonly transport: AmqpTransport,
    private readonly server: RpcServer,
    private readonly options: TopOptions,
  ) {
    this.client = new RpcClient(transport, { exchange: { durable: false, autoDelete: false } });
  }

  static async start(options: TopOptions): Promise<BrokerTop> {
    const urls = parseTransportUrl(options.amqpUrl);
    const transport = AmqpTransport.connect({ urls, heartbeatSeconds: 60, connectionName: 'a test’s top cell' });
    const flags = { ...topologyOf(dialectOf('rocky')), transientTtlMs: 60_000, serverQueue: false };
    let top: BrokerTop | undefined;
    const server = new RpcServer(transport, {
      targets: intercellTargets('top', flags, options.names),
      prefetch: 100,
      onRequest: (request) => {
        top?.take(interCellMessageOf(request));
        request.ack();
      },
      onRejected: (bad) => bad.ack(),
    });
    top = new BrokerTop(transport, server, options);
    await server.ready;
    return top;
  }

  async send(more: Partial<InterCellMessage> & { methodName: string }): Promise<InterCellMessage> {
    const { targetCell, ...rest } = aMessage({ routingPath: 'api', hopCount: 1, ...more });
    const message: InterCellMessage = rest.messageType === 'broadcast' ? rest : { ...rest, targetCell: targetCell ?? '' };
    const { target, call } = castOf(message, this.options.belowNames);
    await this.client.cast(target, call);
    return message;
  }

  /** The first message that came, or will come, that is so. */
  async first(isSo: (message: InterCellMessage) => boolean): Promise<InterCellMessage> {
    for (;;) {
      const found = this.came.find(isSo);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.listeners.add(resolve));
    }
  }

  async answer({ uuid }: InterCellMessage): Promise<readonly ResponseItem[]> {
    return decodeResponse(await this.first(({ responseUuid }) => responseUuid === uuid)).items;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.transport.close();
  }

  private take(message: InterCellMessage): void {
    this.came.push(message);
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}
