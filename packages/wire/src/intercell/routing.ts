import { cellMaxHopCountReached, cellRoutingInconsistency, type RemoteError } from '../rpc/remote-error.js';
import type { Direction, InterCellMessage } from './message.js';
import { joinPath, PATH_SEPARATOR, splitPath } from './routing-path.js';

/** Names of the cells next to ours. */
export interface Neighbours {
  readonly parents: readonly string[];
  readonly children: readonly string[];
}

export type Route =
  | { readonly kind: 'here' }
  | { readonly kind: 'forward'; readonly to: string; readonly direction: Direction }
  /** To be answered with this failure when the message wants an answer, else only recorded. */
  | { readonly kind: 'refused'; readonly error: RemoteError };

/** What every cell does first with a message: its own name joins the path. */
export function arrive(message: InterCellMessage, myName: string): InterCellMessage {
  const routingPath = message.routingPath + PATH_SEPARATOR + myName;
  return { ...message, routingPath, hopCount: message.hopCount + 1 };
}

/**
 * Where an arrived targeted or response message goes. Works in a cell of any depth; a leaf child ever
 * sees `here` or `refused`. A broadcast is always `here`, and goes on as {@link broadcastTargets} says.
 */
export function route(message: InterCellMessage, neighbours: Neighbours): Route {
  const { targetCell, routingPath, direction } = message;
  if (targetCell === undefined || targetCell === routingPath) return { kind: 'here' };

  const target = splitPath(targetCell);
  const visited = splitPath(routingPath);
  const next = target[visited.length];
  if (next === undefined || joinPath(target.slice(0, visited.length)) !== routingPath) {
    return refusedBecause(`destination is ${targetCell} but routing_path is ${routingPath}`);
  }
  const known = direction === 'up' ? neighbours.parents : neighbours.children;
  if (!known.includes(next)) {
    return refusedBecause(`Unknown ${direction === 'up' ? 'parent' : 'child'} when routing to ${targetCell}`);
  }
  if (message.hopCount >= message.maxHopCount) {
    return { kind: 'refused', error: cellMaxHopCountReached(message.hopCount) };
  }
  return { kind: 'forward', to: next, direction };
}

/** The message as it leaves for the next cell: a response goes to every worker on its last hop, for only one waits for it. */
export function forwarded(message: InterCellMessage): InterCellMessage {
  if (message.messageType !== 'response') return message;
  const lastHop = splitPath(message.targetCell ?? '').length === splitPath(message.routingPath).length + 1;
  return { ...message, fanout: lastHop };
}

/** The neighbours an arrived broadcast goes on to, besides being handled here. */
export function broadcastTargets(message: InterCellMessage, neighbours: Neighbours): readonly string[] {
  if (message.messageType !== 'broadcast' || message.hopCount >= message.maxHopCount) return [];
  return message.direction === 'up' ? neighbours.parents : neighbours.children;
}

function refusedBecause(reason: string): Route {
  return { kind: 'refused', error: cellRoutingInconsistency(reason) };
}
