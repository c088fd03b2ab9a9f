import type { MessageProperties } from 'amqplib';
import type { ParsedTransportUrl } from './transport-url.js';

/** `refused`: connected, but the broker will not have our exchange; `error` says which and what to do. */
export type TransportStateName = 'connecting' | 'connected' | 'refused' | 'closed';

export interface TransportState {
  readonly name: TransportStateName;
  /** `host:port` in use or last tried. */
  readonly host?: string;
  readonly error?: Error;
  /** Consecutive failed attempts while connecting. */
  readonly attempts?: number;
}

export interface TransportLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** oslo.messaging's `ssl_ca_file`, `ssl_cert_file` and `ssl_key_file`, read. */
export interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly passphrase?: string;
  /** False takes any certificate: for test beds only. */
  readonly rejectUnauthorized?: boolean;
  /** The name to ask for and to check, where it is not the host's. */
  readonly servername?: string;
}

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

export interface TransportOptions {
  readonly urls: ParsedTransportUrl;
  /** Given: TLS with these options, whatever the scheme. */
  readonly tls?: TlsOptions;
  readonly heartbeatSeconds?: number;
  /** Shown by `rabbitmqctl list_connections`. */
  readonly connectionName: string;
  readonly log?: TransportLog;
  readonly backoff?: Partial<Backoff>;
  readonly maxInFlight?: number;
}

/** An exchange to be there before something is published to it or a queue bound to it. */
export interface ExchangeDeclaration {
  readonly name: string;
  /** `passive`: it is somebody else's; wait for it, never make it. */
  readonly type: 'topic' | 'fanout' | 'direct' | 'passive';
  readonly durable?: boolean;
  readonly autoDelete?: boolean;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
}

export interface Topology {
  readonly exchanges: readonly ExchangeDeclaration[];
  readonly queues: readonly QueueDeclaration[];
}

export interface PublishOptions {
  /** Declared once per connection before the message goes out. */
  readonly declare?: ExchangeDeclaration;
  readonly signal?: AbortSignal;
  /** Gives up waiting for the confirm; the message may arrive all the same. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** One message as it came. Settled exactly once; settling after the channel died does nothing. */
export interface Delivery {
  readonly body: Buffer;
  readonly properties: MessageProperties;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  ack(): void;
  requeue(): void;
}

export interface ConsumerOptions {
  /** Declared again after every reconnect, before consuming. */
  readonly topology: Topology;
  /** Queues of `topology` (or others that exist) to read from. */
  readonly queues: readonly string[];
  readonly prefetch: number;
  /** Must not throw. */
  onDelivery(delivery: Delivery): void;
}

export interface Consumer {
  /** Resolves when the queues are declared and read from for the first time. */
  readonly ready: Promise<void>;
  /** Stops the flow; what was delivered can still be acked until the transport closes. */
  cancel(): Promise<void>;
}
