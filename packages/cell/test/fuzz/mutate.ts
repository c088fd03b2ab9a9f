import { isJsonObject, type JsonObject, openEnvelope, parseJson, sealEnvelope, stringifyJson } from '@burstcell/wire';
import type { RecordedMessage } from '../../src/cli/capture/recording.js';
import type { Letter } from '../captured/local-broker.js';
import type { Dice } from './dice.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateTree } from './mutate-tree.js';

/** Of a hundred messages: how many are spoilt in their bytes, in the RPC layer, or come again as they are; the rest is changed within. */
const BYTES = 0.2;
const RPC = 0.1;
const AGAIN = 0.1;
/** Of the changed ones: how many are new messages to the cell, and not repeats of the recorded one. */
const NEW = 0.9;
const CONTENT_TYPES = ['text/plain', '', 'application/data', undefined];

/** A letter made of a recorded one, mostly wrong in some way. */
export function mutated(recorded: RecordedMessage, dice: Dice): Letter {
  const { exchange, routingKey, properties } = recorded;
  const body = Buffer.from(recorded.body ?? '');
  const contentType = dice.chance(0.01) ? dice.pick(CONTENT_TYPES) : properties.contentType;
  return { exchange, routingKey, contentType, redelivered: dice.chance(0.05), body: mutatedBody(body, dice) };
}

function mutatedBody(body: Buffer, dice: Dice): Buffer {
  if (dice.chance(BYTES)) return mutateBytes(body, dice);
  const { rpc, envelope } = openEnvelope(body);
  const form = envelope ? '2.0' : 'bare';
  if (dice.chance(RPC)) {
    mutateTree(rpc, dice);
    return sealEnvelope(rpc, form);
  }
  return sealEnvelope({ ...rpc, args: { message: mutatedMessage(rpc, dice) } }, form);
}

function mutatedMessage({ args }: JsonObject, dice: Dice): string {
  const message = isJsonObject(args) && typeof args.message === 'string' ? parseJson(args.message) : {};
  if (!isJsonObject(message)) throw new Error('a recorded message is no object');
  if (dice.chance(NEW)) message.uuid = dice.uuid();
  if (!dice.chance(AGAIN))
    mutateTree(dice.chance(0.7) && isJsonObject(message.method_kwargs) ? message.method_kwargs : message, dice);
  return stringifyJson(message, { ascii: true });
}
