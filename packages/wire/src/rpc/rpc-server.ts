import type { AmqpTransport } from '../amqp/transport.js';
import type { Consumer, Delivery } from '../amqp/types.js';
import { WireError } from '../errors.js';
import { MAX_BODY_BYTES } from '../timings.js';
import { openEnvelope } from './envelope.js';
import { topologyOfTarget } from './names.js';
import { REPLY_FORMS } from './reply-form.js';
import { replyPortFor } from './reply-port.js';
import { isVersionServed, newUniqueId, type RpcDict, readRpcDict } from './rpc-dict.js';
import type { RpcRequest, RpcServerOptions, RpcTarget } from './types.js';

const JSON_CONTENT = 'application/json';

/** A message read down to the RPC layer. */
interface Opened {
  readonly rpc: RpcDict;
  readonly envelope: boolean;
}

/**
 * Serves RPC targets on one connection. It acknowledges nothing by itself: a request stays the broker's
 * until the receiver has recorded it and calls `ack`.
 */
export class RpcServer {
  readonly #transport: AmqpTransport;
  readonly #options: RpcServerOptions;
  readonly #consumers: readonly Consumer[];
  /** Resolves when every queue is declared and read from; rejects with TransportError `closed` when stopped before. */
  readonly ready: Promise<void>;

  constructor(transport: AmqpTransport, options: RpcServerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#consumers = options.targets.map((target) => this.#serve(target));
    this.ready = Promise.all(this.#consumers.map((consumer) => consumer.ready)).then(() => undefined);
    this.ready.catch(() => undefined);
  }

  /** Stops the flow of requests; those delivered can still be acked and answered. */
  async stop(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.cancel()));
  }

  #serve(target: RpcTarget): Consumer {
    const topology = topologyOfTarget(target, newUniqueId());
    return this.#transport.consume({
      topology,
      queues: topology.queues.map((queue) => queue.name),
      prefetch: this.#options.prefetch,
      onDelivery: (delivery) => this.#onDelivery(target, delivery),
    });
  }

  #onDelivery(target: RpcTarget, delivery: Delivery): void {
    let opened: Opened | null = null;
    try {
      opened = this.#open(delivery);
      checkTarget(target, opened.rpc);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#reject(delivery, error, opened);
      return;
    }
    this.#options.onRequest(this.#requestOf(target, delivery, opened));
  }

  #open(delivery: Delivery): Opened {
    const { body, properties } = delivery;
    const limit = this.#options.maxBodyBytes ?? MAX_BODY_BYTES;
    if (body.length > limit) throw new WireError('too-large', `a body of ${body.length} bytes; at most ${limit} are read`);
    if (properties.contentType !== JSON_CONTENT) {
      throw new WireError(
        'bad-envelope',
        `content type ${JSON.stringify(properties.contentType ?? null)} is not ${JSON_CONTENT}`,
      );
    }
    if (properties.headers?.compression !== undefined) {
      throw new WireError('bad-envelope', 'the body is compressed (kombu_compression), which is not supported');
    }
    const { rpc, envelope } = openEnvelope(body);
    return { rpc: readRpcDict(rpc), envelope };
  }

  #requestOf(target: RpcTarget, delivery: Delivery, { rpc, envelope }: Opened): RpcRequest {
    return {
      target,
      method: rpc.method,
      args: rpc.args,
      version: rpc.version,
      namespace: rpc.namespace,
      get context() {
        return rpc.context;
      },
      uniqueId: rpc.uniqueId,
      redelivered: delivery.redelivered,
      receivedAt: new Date(),
      body: delivery.body,
      exchange: delivery.exchange,
      routingKey: delivery.routingKey,
      hints: { envelope, namespaceKey: rpc.namespaceKey },
      reply: this.#replyTo(rpc),
      ack: delivery.ack,
      requeue: delivery.requeue,
    };
  }

  #reject(delivery: Delivery, error: WireError, opened: Opened | null): void {
    this.#options.onRejected({
      kind: error.kind,
      reason: error.message,
      body: delivery.body,
      properties: delivery.properties,
      exchange: delivery.exchange,
      routingKey: delivery.routingKey,
      receivedAt: new Date(),
      reply: opened === null ? null : this.#replyTo(opened.rpc),
      ack: delivery.ack,
    });
  }

  #replyTo(rpc: RpcDict): RpcRequest['reply'] {
    return replyPortFor(this.#transport, rpc, this.#options.replyForm ?? REPLY_FORMS.single);
  }
}

function checkTarget(target: RpcTarget, rpc: RpcDict): void {
  if (rpc.namespace !== (target.namespace ?? null)) {
    throw new WireError('unknown-method', `no endpoint of namespace ${JSON.stringify(rpc.namespace)} (method ${rpc.method})`);
  }
  if (!isVersionServed(rpc.version, target.versions)) {
    throw new WireError(
      'bad-version',
      `RPC version ${JSON.stringify(rpc.version)} of ${rpc.method}; served: ${target.versions.join(', ')}`,
    );
  }
}
