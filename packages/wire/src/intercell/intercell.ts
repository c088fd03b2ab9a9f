import type { ReleaseHints } from '../dialects/detect.js';
import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { RpcCall, SendTarget } from '../rpc/rpc-client.js';
import type { RpcRequest, RpcTarget, TopologyFlags } from '../rpc/types.js';
import { TRANSIENT_QUEUE_TTL_MS } from '../timings.js';
import { decodeInterCell, encodeInterCell, type InterCellMessage, type MessageType } from './message.js';

/** The one RPC method between cells, at the one version all releases speak. */
export const PROCESS_MESSAGE = 'process_message';
export const INTERCELL_VERSION = '1.0';

/** nova's defaults of `[DEFAULT] control_exchange` and `[cells] rpc_driver_queue_base`. */
export const DEFAULT_EXCHANGE = 'nova';
export const DEFAULT_QUEUE_BASE = 'cells.intercell';

export interface InterCellNames {
  readonly exchange?: string;
  readonly queueBase?: string;
}

const MESSAGE_TYPES: readonly MessageType[] = ['targeted', 'broadcast', 'response'];

/** The flags of this release's topology; the operator's `amqp_durable_queues` and `amqp_auto_delete` decide the rest. */
export function topologyOf(dialect: Dialect, flags: { durable?: boolean; autoDelete?: boolean } = {}): TopologyFlags {
  return {
    durable: flags.durable ?? false,
    autoDelete: flags.autoDelete ?? false,
    serverQueue: dialect.serverQueue,
    ...(dialect.fanoutQueueExpires ? { transientTtlMs: TRANSIENT_QUEUE_TTL_MS } : {}),
  };
}

/** The three targets a cell serves: one per message type, each with its fanout. */
export function intercellTargets(host: string, declare: TopologyFlags, names: InterCellNames = {}): RpcTarget[] {
  return MESSAGE_TYPES.map((type) => ({
    exchange: names.exchange ?? DEFAULT_EXCHANGE,
    topic: topicOf(type, names),
    server: host,
    versions: [INTERCELL_VERSION],
    fanout: true,
    declare,
    durableQueue: true,
  }));
}

/** Reads the inter-cell message out of an RPC request. Throws WireError. */
export function interCellMessageOf(request: Pick<RpcRequest, 'method' | 'args'>): InterCellMessage {
  if (request.method !== PROCESS_MESSAGE) throw new WireError('unknown-method', `unknown RPC method ${request.method}`);
  const { message } = request.args;
  if (typeof message !== 'string') throw new WireError('bad-arguments', 'process_message: message is not a string');
  return decodeInterCell(message);
}

/** Where a message is published and the RPC call that carries it, for `RpcClient.cast`. */
export function castOf(message: InterCellMessage, names: InterCellNames = {}): { target: SendTarget; call: RpcCall } {
  return {
    target: {
      exchange: names.exchange ?? DEFAULT_EXCHANGE,
      topic: topicOf(message.messageType, names),
      fanout: message.fanout,
    },
    call: {
      method: PROCESS_MESSAGE,
      args: { message: encodeInterCell(message) },
      context: message.ctxt,
      version: INTERCELL_VERSION,
    },
  };
}

/** What a request gives away about its sender's release; the context's keys are gathered when they are asked for. */
export function hintsOf(request: RpcRequest): ReleaseHints {
  return {
    ...request.hints,
    get contextKeys() {
      return Object.keys(request.context);
    },
  };
}

function topicOf(type: MessageType, names: InterCellNames): string {
  return `${names.queueBase ?? DEFAULT_QUEUE_BASE}.${type}`;
}
