import {
  arrive,
  broadcastTargets,
  builtinError,
  cellRoutingInconsistency,
  checkCall,
  type InterCellMessage,
  isJsonObject,
  nova,
  type RemoteError,
  route,
  splitPath,
  WireError,
} from '@burstcell/wire';
import type { Origin } from '../../intent.js';
import type { Handler, Incoming } from './handlers/handler.js';
import { handlers } from './handlers/index.js';
import type { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';

/**
 * - `handle`: for us; `handler` does it. A broadcast goes on to the cells in `onward` as well.
 * - `pass`: for others; handed on as it is.
 * - `child`: what a cell below says of itself.
 * - `response`: an answer to a call of ours.
 * - `refuse`: kept among the rejected, and answered with the failure where an answer is due.
 */
export type Routed =
  | {
      readonly kind: 'handle';
      readonly handler: Handler;
      readonly incoming: Incoming;
      readonly onward: readonly string[];
    }
  | { readonly kind: 'pass'; readonly message: InterCellMessage; readonly to: readonly string[] }
  | { readonly kind: 'child'; readonly message: InterCellMessage; readonly child: string }
  | { readonly kind: 'response'; readonly message: InterCellMessage }
  | Refused;

export interface Refused {
  readonly kind: 'refuse';
  readonly message: InterCellMessage;
  readonly reason: string;
  readonly detail: string;
  readonly failure: RemoteError;
}

/** What children say of themselves: targeted messages up that end here. */
const CHILD_METHODS: ReadonlySet<string> = new Set(['update_capabilities', 'update_capacities']);

/** Decides what becomes of a message that was read: nothing is run yet. */
export function routeMessage(
  received: InterCellMessage,
  options: CellsV1Options,
  { parentNames, childNames }: Pick<Neighbours, 'parentNames' | 'childNames'>,
): Routed {
  const message = arrive(received, options.name);
  const names = { parents: parentNames, children: childNames };
  const way = route(message, names);
  if (way.kind === 'refused') return unroutable(message, way.error);
  if (way.kind === 'forward') return { kind: 'pass', message, to: [way.to] };
  if (message.messageType === 'response') return { kind: 'response', message };
  const onward = broadcastTargets(message, names);
  return message.direction === 'up' ? fromBelow(message, childNames, onward) : judged(message, options, onward);
}

/** Everything of the children's instances is our parents' business alone: nothing of it is read here. */
function fromBelow(message: InterCellMessage, childNames: readonly string[], onward: readonly string[]): Routed {
  const child = splitPath(message.routingPath).at(-2);
  if (child === undefined || !childNames.includes(child)) {
    return refuse(message, new WireError('bad-message', 'a message up came from a cell that is no child of ours'));
  }
  if (message.messageType === 'targeted') {
    if (CHILD_METHODS.has(message.methodName)) return { kind: 'child', message, child };
    return refuse(message, new WireError('unknown-method', `no targeted method ${message.methodName} that goes up`));
  }
  if (onward.length > 0) return { kind: 'pass', message, to: onward };
  return unroutable(message, cellRoutingInconsistency('there is no parent within reach to hand a message up to'));
}

function judged(message: InterCellMessage, options: CellsV1Options, onward: readonly string[]): Routed {
  const handler = handlers.get(message.methodName);
  if (handler === undefined || !handler.types.includes(message.messageType)) {
    return refuse(message, new WireError('unknown-method', `no ${message.messageType} method ${message.methodName}`));
  }
  try {
    checkCall(options.dialect.release, message);
  } catch (error) {
    if (error instanceof WireError) return refuse(message, error);
    throw error;
  }
  const incoming = { message, args: message.methodKwargs, origin: originOf(message) };
  return { kind: 'handle', handler, incoming, onward };
}

function unroutable(message: InterCellMessage, failure: RemoteError): Refused {
  return { kind: 'refuse', message, reason: 'routing', detail: failure.message, failure };
}

/** What a real cell would raise: an unknown method is no attribute, wrong arguments are a TypeError. */
export function refuse(message: InterCellMessage, error: WireError): Refused {
  const failure = error.kind === 'unknown-method' ? unknownMethod(message) : builtinError('TypeError', error.message);
  return { kind: 'refuse', message, reason: error.kind, detail: error.message, failure };
}

/** Of the compute API a real cell names the method it was asked to run, not the carrier. */
function unknownMethod({ methodName, methodKwargs }: InterCellMessage): RemoteError {
  const info = methodKwargs.method_info;
  const isCarrier = handlers.has(methodName) && isJsonObject(info) && typeof info.method === 'string';
  return isCarrier ? nova.cellServiceApiMethodNotFound(String(info.method)) : nova.unknownMethod(methodName);
}

function originOf({ ctxt, uuid }: InterCellMessage): Origin {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return { requestId: text(ctxt.request_id) ?? `req-${uuid}`, userId: text(ctxt.user_id), projectId: text(ctxt.project_id) };
}
