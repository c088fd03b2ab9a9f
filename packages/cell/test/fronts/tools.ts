import { dialectOf, type InterCellMessage, type JsonObject, newTargetedUp, type Release } from '@burstcell/wire';
import type { HandlerTools, Incoming } from '../../src/fronts/cells-v1/handlers/handler.js';

export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** A message from the parent, arrived at the cell `ec2`. */
export function aMessage(more: Partial<InterCellMessage> = {}): InterCellMessage {
  const base = newTargetedUp({ ctxt: {}, methodName: 'start_instance', methodKwargs: {}, myName: 'api', parentName: 'ec2' });
  return { ...base, direction: 'down', routingPath: 'api!ec2', hopCount: 2, ...more };
}

export function anIncoming(methodName: string, args: JsonObject): Incoming {
  const message = aMessage({ methodName, methodKwargs: args });
  return { message, args, origin: { requestId: 'req-1', userId: 'u', projectId: 'p' } };
}

/** What handlers work with that neither read nor answer: anything else they touch is a mistake of the test. */
export function someTools(release: Release): HandlerTools {
  return { dialect: dialectOf(release), log: silentLog, now: () => new Date(0) } as unknown as HandlerTools;
}
