import { randomUUID } from 'node:crypto';
import { WireError } from '../errors.js';
import { isJsonObject, JsonError, type JsonValue, parseJson, stringifyJson } from '../json/json.js';
import { decodeFailure, encodeFailure, type RemoteError } from '../rpc/remote-error.js';
import { encodeInterCell, type InterCellMessage } from './message.js';
import { joinPath, reversePath, splitPath } from './routing-path.js';

/** What one cell answers. Objects in `value` are already in wire form. */
export type Answer = { readonly value: JsonValue } | { readonly failure: RemoteError };

/** One cell's answer as it travels; `cellName` is its path as seen from the originator. */
export type ResponseItem = { readonly cellName: string } & Answer;

export interface Response {
  readonly responseUuid: string;
  readonly items: readonly ResponseItem[];
}

/** Our own answer to an arrived message (our name already in its path). */
export function answerItem(arrived: InterCellMessage, answer: Answer): ResponseItem {
  return { cellName: arrived.routingPath, ...answer };
}

/**
 * The message that answers an arrived request with our own answer. A targeted request is answered all the way back to its
 * originator; a broadcast is answered to the neighbour it came from, who gathers. `uuid` may be given to make a resend recognisable.
 */
export function responseTo(arrived: InterCellMessage, myName: string, answer: Answer, uuid?: string): InterCellMessage {
  return responseWith(arrived, myName, [answerItem(arrived, answer)], uuid);
}

/** The same with the answers of cells below gathered in: what a middle cell sends for a broadcast. */
export function responseWith(
  arrived: InterCellMessage,
  myName: string,
  items: readonly ResponseItem[],
  uuid: string = randomUUID(),
): InterCellMessage {
  const wayBack = splitPath(reversePath(arrived.routingPath));
  const target = arrived.messageType === 'broadcast' ? wayBack.slice(0, 2) : wayBack;
  return {
    messageType: 'response',
    ctxt: arrived.ctxt,
    methodName: 'parse_responses',
    methodKwargs: { orig_message: encodeInterCell(arrived), responses: items.map(encodeItem) },
    direction: arrived.direction === 'down' ? 'up' : 'down',
    needResponse: false,
    fanout: target.length === 2,
    uuid,
    routingPath: myName,
    hopCount: 1,
    maxHopCount: arrived.maxHopCount,
    targetCell: joinPath(target),
    responseUuid: arrived.uuid,
  };
}

/** Reads the answers in a response message. Throws WireError `bad-message`. */
export function decodeResponse(message: InterCellMessage): Response {
  const { responses } = message.methodKwargs;
  if (message.responseUuid === undefined || !Array.isArray(responses)) {
    throw new WireError('bad-message', 'a response needs response_uuid and method_kwargs.responses');
  }
  return { responseUuid: message.responseUuid, items: responses.map(decodeItem) };
}

/** A cell qualified item, `api!ec2@host`, without its cell; the last `@` counts. */
export function bareItem(item: string): string {
  return item.slice(item.lastIndexOf('@') + 1);
}

/** Exactly three keys: the parent passes them as keyword arguments, so a fourth kills the whole answer. */
function encodeItem(item: ResponseItem): string {
  const failed = 'failure' in item;
  const value = failed ? encodeFailure(item.failure) : item.value;
  return stringifyJson({ cell_name: item.cellName, value, failure: failed }, { ascii: true });
}

function decodeItem(text: JsonValue): ResponseItem {
  const item = typeof text === 'string' ? parseItem(text) : text;
  if (!isJsonObject(item) || typeof item.cell_name !== 'string' || item.value === undefined) {
    throw new WireError('bad-message', 'a response item needs cell_name, value and failure');
  }
  if (item.failure !== true) return { cellName: item.cell_name, value: item.value };
  if (typeof item.value !== 'string') throw new WireError('bad-message', 'a failed response item carries no text');
  return { cellName: item.cell_name, failure: decodeFailure(item.value) };
}

function parseItem(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new WireError('bad-message', `a response item that is not JSON: ${cause.message}`, { cause });
  }
}
