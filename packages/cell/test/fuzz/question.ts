import { type InterCellMessage, type JsonObject, openEnvelope, WireError } from '@burstcell/wire';
import { interCellIn } from '../../src/cli/capture/recording.js';
import type { Letter } from '../captured/local-broker.js';

const TEXTS = ['_unique_id', '_msg_id', '_reply_q'];

/**
 * The message, if a real cell would have to answer it: readable through all its layers, on the path from the parent to us,
 * and somebody waits. Whether its method and arguments make sense does not matter: then a failure is the answer.
 */
export function questionIn({ body, contentType }: Letter, path: string): InterCellMessage | null {
  const text = body.toString('utf8');
  const message = contentType === 'application/json' ? interCellIn({ body: text }) : null;
  if (message === null || !message.needResponse || message.messageType === 'response' || message.direction !== 'down')
    return null;
  const isOnPath = message.routingPath === path.split('!')[0] && (message.targetCell ?? path) === path;
  return isOnPath && isServed(rpcIn(body)) ? message : null;
}

/** What the RPC layer lets through: its version, no namespace, names that are texts. */
function isServed(rpc: JsonObject): boolean {
  const { version, namespace = null } = rpc;
  const areTexts = TEXTS.every((name) => rpc[name] === undefined || rpc[name] === null || typeof rpc[name] === 'string');
  return version === '1.0' && namespace === null && areTexts;
}

function rpcIn(body: Buffer): JsonObject {
  try {
    return openEnvelope(body).rpc;
  } catch (error) {
    if (error instanceof WireError) return {};
    throw error;
  }
}
