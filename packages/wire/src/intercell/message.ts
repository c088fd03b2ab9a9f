import { randomUUID } from 'node:crypto';
import { WireError } from '../errors.js';
import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../json/json.js';
import type { RequestContext } from '../rpc/context.js';
import { PATH_SEPARATOR } from './routing-path.js';

export type MessageType = 'targeted' | 'broadcast' | 'response';
export type Direction = 'down' | 'up';

/** The message that `process_message` carries as JSON text; the same keys in all twelve releases. */
export interface InterCellMessage {
  readonly messageType: MessageType;
  readonly ctxt: RequestContext;
  readonly methodName: string;
  readonly methodKwargs: JsonObject;
  readonly direction: Direction;
  readonly needResponse: boolean;
  /** Published on the fanout exchange at this hop. */
  readonly fanout: boolean;
  readonly uuid: string;
  /** Cells visited so far, the sender included: `api!ec2`. */
  readonly routingPath: string;
  readonly hopCount: number;
  readonly maxHopCount: number;
  /** Targeted and response: full path from originator to destination. */
  readonly targetCell?: string;
  /** Response: `uuid` of the message it answers. */
  readonly responseUuid?: string;
}

/** nova's `[cells] max_hop_count` default. */
export const DEFAULT_MAX_HOP_COUNT = 10;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MESSAGE_TYPES: ReadonlySet<JsonValue | undefined> = new Set(['targeted', 'broadcast', 'response']);

/** Whether a value is a uuid with dashes. */
export function isUuid(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * Reads one message. Unknown keys are dropped, as in nova; what nova would default is defaulted.
 * Throws WireError `bad-json`, or `bad-message` naming the key.
 */
export function decodeInterCell(text: string): InterCellMessage {
  const wire = parseMessage(text);
  const messageType = wire.message_type;
  if (!MESSAGE_TYPES.has(messageType)) throw bad('message_type', 'targeted, broadcast or response');
  const direction = wire.direction;
  if (direction !== 'down' && direction !== 'up') throw bad('direction', 'down or up');
  if (!isUuid(wire.uuid)) throw bad('uuid', 'a uuid');
  return {
    messageType: messageType as MessageType,
    ctxt: objectAt(wire, 'ctxt'),
    methodName: textAt(wire, 'method_name'),
    methodKwargs: objectAt(wire, 'method_kwargs'),
    direction,
    needResponse: flagAt(wire, 'need_response'),
    fanout: flagAt(wire, 'fanout'),
    uuid: wire.uuid,
    routingPath: textAt(wire, 'routing_path'),
    hopCount: countAt(wire, 'hop_count', 0),
    maxHopCount: countAt(wire, 'max_hop_count', DEFAULT_MAX_HOP_COUNT),
    ...(messageType === 'broadcast' ? {} : { targetCell: textAt(wire, 'target_cell') }),
    ...(messageType === 'response' ? { responseUuid: textAt(wire, 'response_uuid') } : {}),
  };
}

/** Writes one message, ASCII only: what nova's own serializer writes, and what Python 2 parents read everywhere. */
export function encodeInterCell(message: InterCellMessage): string {
  return stringifyJson(
    {
      message_type: message.messageType,
      ctxt: message.ctxt,
      method_name: message.methodName,
      method_kwargs: message.methodKwargs,
      direction: message.direction,
      need_response: message.needResponse,
      fanout: message.fanout,
      uuid: message.uuid,
      routing_path: message.routingPath,
      hop_count: message.hopCount,
      max_hop_count: message.maxHopCount,
      ...(message.targetCell === undefined ? {} : { target_cell: message.targetCell }),
      ...(message.responseUuid === undefined ? {} : { response_uuid: message.responseUuid }),
    },
    { ascii: true },
  );
}

export interface NewMessage {
  readonly ctxt: RequestContext;
  readonly methodName: string;
  readonly methodKwargs: JsonObject;
  /** Our own `[cells] name`. */
  readonly myName: string;
  readonly needResponse?: boolean;
  /** Given by a caller that must send the same message again after a crash. */
  readonly uuid?: string;
  readonly maxHopCount?: number;
}

/** A message of ours to the neighbour above: `target_cell` is `<my name>!<parent's name>`. */
export function newTargetedUp(message: NewMessage & { parentName: string; fanout?: boolean }): InterCellMessage {
  const targetCell = `${message.myName}${PATH_SEPARATOR}${message.parentName}`;
  return { ...newUp(message), messageType: 'targeted', fanout: message.fanout ?? false, targetCell };
}

/** A message of ours to every cell above. */
export function newBroadcastUp(message: NewMessage): InterCellMessage {
  return newUp(message);
}

function newUp(message: NewMessage): InterCellMessage {
  return {
    messageType: 'broadcast',
    ctxt: message.ctxt,
    methodName: message.methodName,
    methodKwargs: message.methodKwargs,
    direction: 'up',
    needResponse: message.needResponse ?? false,
    fanout: false,
    uuid: message.uuid ?? randomUUID(),
    routingPath: message.myName,
    hopCount: 1,
    maxHopCount: message.maxHopCount ?? DEFAULT_MAX_HOP_COUNT,
  };
}

function parseMessage(text: string): JsonObject {
  const value = parseOrThrow(text);
  if (!isJsonObject(value)) throw new WireError('bad-message', 'the inter-cell message is not a JSON object');
  return value;
}

function parseOrThrow(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new WireError('bad-json', `the inter-cell message: ${cause.message}`, { cause });
  }
}

function objectAt(wire: JsonObject, key: string): JsonObject {
  const value = wire[key];
  if (!isJsonObject(value)) throw bad(key, 'an object');
  return value;
}

function textAt(wire: JsonObject, key: string): string {
  const value = wire[key];
  if (typeof value !== 'string' || value === '') throw bad(key, 'a non-empty string');
  return value;
}

function flagAt(wire: JsonObject, key: string): boolean {
  const value = wire[key] ?? false;
  if (typeof value !== 'boolean') throw bad(key, 'a boolean');
  return value;
}

function countAt(wire: JsonObject, key: string, fallback: number): number {
  const value = wire[key] ?? fallback;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw bad(key, 'a count');
  return value;
}

function bad(key: string, wanted: string): WireError {
  return new WireError('bad-message', `the inter-cell message's ${key} is not ${wanted}`);
}
