import { randomUUID } from 'node:crypto';
import { encodeInterCell, isJsonObject, joinPath, openEnvelope, sealEnvelope } from '@burstcell/wire';
import type { Letter, ScratchNames } from './letters.js';

/**
 * Asks the cell to say what it is, in the form of a recorded letter: a cell that answers is awake, reads this release, and
 * is heard by us. Harmless, and as new each time.
 */
export function wakingCall({ body, message }: Letter, { cell, parent, exchange, queueBase }: ScratchNames): Letter | null {
  if (message === null) return null;
  const { rpc, envelope } = openEnvelope(body);
  const { responseUuid: _, ...rest } = message;
  const text = encodeInterCell({
    ...rest,
    messageType: 'targeted',
    methodName: 'announce_capabilities',
    methodKwargs: {},
    needResponse: false,
    fanout: false,
    uuid: randomUUID(),
    targetCell: message.targetCell ?? joinPath([parent, cell]),
  });
  const args = isJsonObject(rpc.args) ? rpc.args : {};
  const waking = sealEnvelope({ ...rpc, args: { ...args, message: text } }, envelope ? '2.0' : 'bare');
  return { atMs: 0, exchange, routingKey: `${queueBase}.targeted`, body: waking, isFanout: false, message: null };
}
