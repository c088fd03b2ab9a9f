import type { MessageProperties } from 'amqplib';
import type { WireErrorKind } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import type { RemoteError } from './remote-error.js';
import type { ReplyForm } from './reply-form.js';

/** What differs in the exchanges and queues of the releases (protocol: exchanges must equal the parent's). */
export interface TopologyFlags {
  /** `amqp_durable_queues`, Grizzly `rabbit_durable_queues`. */
  readonly durable: boolean;
  /** `amqp_auto_delete`; always false in Grizzly. */
  readonly autoDelete: boolean;
  /** The fanout queue: given, it expires this long after its last consumer (Mitaka on); absent, it is auto-delete. */
  readonly transientTtlMs?: number;
  /** Icehouse on: a third queue `topic.server`. */
  readonly serverQueue: boolean;
}

/** A topic to serve, in oslo.messaging's words. */
export interface RpcTarget {
  readonly exchange: string;
  readonly topic: string;
  /** `[DEFAULT] host`; wanted where `declare.serverQueue` is set. */
  readonly server?: string;
  readonly namespace?: string;
  /** Versions served: same major and a minor not above ours. */
  readonly versions: readonly string[];
  readonly fanout: boolean;
  readonly declare: TopologyFlags;
  /** Our own queues: durable on the parent's non-durable exchange, so that messages outlive the broker. */
  readonly durableQueue?: boolean;
}

/**
 * Where the answer to a call goes. `reply` and `fail` end the call: the first one counts. They resolve when the
 * broker has the answer, and reject with a TransportError when the caller's queue is gone.
 */
export interface ReplyPort {
  reply(value: JsonValue): Promise<void>;
  fail(error: RemoteError): Promise<void>;
  /** Keeps a monitored call alive (Queens on). Does nothing where the caller's generation has none. */
  heartbeat(): Promise<void>;
}

export interface RpcRequest {
  readonly target: RpcTarget;
  readonly method: string;
  readonly args: JsonObject;
  readonly version: string;
  readonly namespace: string | null;
  /** `_context_*` as received, without the prefix. */
  readonly context: JsonObject;
  /** `_unique_id`; null where the sender gave none. */
  readonly uniqueId: string | null;
  readonly redelivered: boolean;
  readonly receivedAt: Date;
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  /** What the envelope and the RPC layer give away about the sender's release. */
  readonly hints: { readonly envelope: boolean; readonly namespaceKey: boolean };
  /** Null for a cast. */
  readonly reply: ReplyPort | null;
  ack(): void;
  requeue(): void;
}

/** A message that is no RPC request for any of our targets. The receiver keeps it, then acks. */
export interface RejectedDelivery {
  readonly kind: WireErrorKind;
  readonly reason: string;
  readonly body: Buffer;
  readonly properties: MessageProperties;
  readonly exchange: string;
  readonly routingKey: string;
  readonly receivedAt: Date;
  /** Set where the message could be read far enough to know that somebody waits for an answer. */
  readonly reply: ReplyPort | null;
  ack(): void;
}

export interface RpcServerOptions {
  readonly targets: readonly RpcTarget[];
  readonly prefetch: number;
  readonly maxBodyBytes?: number;
  /** How callers of this release want to be answered; default the newest. */
  readonly replyForm?: ReplyForm;
  onRequest(request: RpcRequest): void;
  onRejected(bad: RejectedDelivery): void;
}
