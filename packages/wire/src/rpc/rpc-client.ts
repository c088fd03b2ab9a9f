import type { AmqpTransport } from '../amqp/transport.js';
import type { ExchangeDeclaration } from '../amqp/types.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { CALL_TIMEOUT_MS } from '../timings.js';
import { sealEnvelope } from './envelope.js';
import { fanoutExchange, topicExchange } from './names.js';
import { ReplyQueue } from './reply-queue.js';
import { newUniqueId, writeRpcDict } from './rpc-dict.js';

export interface RpcClientOptions {
  /** Flags of the topic exchange; must equal those of the broker's other users. */
  readonly exchange: { readonly durable: boolean; readonly autoDelete: boolean };
  /** Grizzly alone sends the bare dict. */
  readonly envelope?: 'bare' | '2.0';
  /** Havana alone writes `"namespace": null`. */
  readonly namespaceNull?: boolean;
}

export interface SendTarget {
  readonly exchange: string;
  readonly topic: string;
  readonly fanout?: boolean;
  readonly server?: string;
}

export interface RpcCall {
  readonly method: string;
  readonly args: JsonObject;
  /** A request context; travels flattened as `_context_*`. */
  readonly context: JsonObject;
  readonly version: string;
  readonly namespace?: string;
}

export interface CastOptions {
  readonly envelope?: 'bare' | '2.0';
  readonly signal?: AbortSignal;
  /** Of the confirm for a cast, of the answer for a call (default 60 s). */
  readonly timeoutMs?: number;
}

export interface CallOptions extends CastOptions {
  /** Given, the callee sends heartbeats and the wait starts anew with each one, up to `timeoutMs` in all. */
  readonly monitorMs?: number;
}

/** Sends RPC casts and calls over one transport. */
export class RpcClient {
  readonly #transport: AmqpTransport;
  readonly #options: RpcClientOptions;
  #replies: ReplyQueue | null = null;

  constructor(transport: AmqpTransport, options: RpcClientOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  /** Resolves when the broker has the message. Rejects as {@link AmqpTransport.publish}. */
  cast(target: SendTarget, call: RpcCall, options: CastOptions = {}): Promise<void> {
    return this.#send(target, this.#body(call, options), options);
  }

  /** Resolves with the result. Rejects with a RemoteError (the callee's) or a TransportError (`timeout`, …). */
  async call(target: SendTarget, call: RpcCall, options: CallOptions = {}): Promise<JsonValue> {
    this.#replies ??= new ReplyQueue(this.#transport);
    const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS;
    await this.#replies.ready({ ...options, timeoutMs });
    const msgId = newUniqueId();
    const answer = this.#replies.expect(msgId, { ...options, timeoutMs });
    const marks: JsonObject = { _msg_id: msgId, _reply_q: this.#replies.name };
    if (options.monitorMs !== undefined) marks._timeout = options.monitorMs / 1_000;
    const sent = this.#send(target, this.#body(call, options, marks), { ...options, timeoutMs });
    // What keeps the message from going out ends the wait for its answer.
    sent.catch((error) => this.#replies?.fail(msgId, error));
    return answer;
  }

  /** Ends the reply queue's consumer; waiting calls reject with TransportError `closed`. */
  async close(): Promise<void> {
    await this.#replies?.close();
  }

  #body(call: RpcCall, options: CastOptions, marks: JsonObject = {}): Buffer {
    const namespace = call.namespace ?? (this.#options.namespaceNull === true ? null : undefined);
    const dict = writeRpcDict({ ...call, call: marks, ...(namespace === undefined ? {} : { namespace }) });
    return sealEnvelope(dict, options.envelope ?? this.#options.envelope ?? '2.0');
  }

  #send(target: SendTarget, body: Buffer, { signal, timeoutMs }: CastOptions): Promise<void> {
    const { exchange, routingKey } = this.#route(target);
    return this.#transport.publish(exchange.name, routingKey, body, {
      declare: exchange,
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /** A fanout message goes out with an empty key: the exchange looks at none. */
  #route(target: SendTarget): { exchange: ExchangeDeclaration; routingKey: string } {
    if (target.fanout === true) return { exchange: fanoutExchange(target.topic), routingKey: '' };
    const routingKey = target.server === undefined ? target.topic : `${target.topic}.${target.server}`;
    return { exchange: topicExchange(target.exchange, this.#options.exchange), routingKey };
  }
}
