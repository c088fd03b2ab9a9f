import {
  type InterCellMessage,
  isJsonObject,
  type JsonObject,
  joinPath,
  openEnvelope,
  parseJson,
  sealEnvelope,
  splitPath,
  stringifyJson,
} from '@burstcell/wire';
import { interCellIn, type RecordedMessage, type Recording } from './recording.js';

/** A recorded message on its way to another cell. */
export interface Letter {
  readonly atMs: number;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly isFanout: boolean;
  /** What it asks; null for the traffic of other exchanges. */
  readonly message: InterCellMessage | null;
}

/** The names a scratch cell goes by. */
export interface ScratchNames {
  readonly cell: string;
  readonly parent: string;
  readonly exchange: string;
  readonly queueBase: string;
}

/** What parents sent to the recorded cell, addressed to the scratch cell. A message the recording has no text of is left out. */
export function lettersTo({ header, messages }: Recording, names: ScratchNames): readonly Letter[] {
  const parent = header.brokers.find(({ side }) => side === 'parent')?.cell;
  const renamed = new Map([[header.cell, names.cell], ...(parent === undefined ? [] : [[parent, names.parent] as const])]);
  return messages.flatMap((recorded) => {
    const message = recorded.broker === header.cell ? interCellIn(recorded) : null;
    return message === null || message.direction !== 'down' ? [] : [letterOf(recorded, message, { names, renamed })];
  });
}

/** What was published to these exchanges at the recorded cell's broker, as it was. */
export function lettersOf({ header, messages }: Recording, exchanges: readonly string[]): readonly Letter[] {
  return messages.flatMap(({ broker, exchange, routingKey, body, atMs }) => {
    if (broker !== header.cell || body === null || !exchanges.includes(exchange)) return [];
    return [{ atMs, exchange, routingKey, body: Buffer.from(body), isFanout: exchange.endsWith('_fanout'), message: null }];
  });
}

/** The way back and forth bears the scratch cell's names. */
function renamedPaths(message: JsonObject, renamed: ReadonlyMap<string, string>): JsonObject {
  const rename = (path: string) => joinPath(splitPath(path).map((cell) => renamed.get(cell) ?? cell));
  const changed = { ...message };
  for (const key of ['routing_path', 'target_cell']) {
    const path = message[key];
    if (typeof path === 'string') changed[key] = rename(path);
  }
  return changed;
}

interface Address {
  readonly names: ScratchNames;
  readonly renamed: ReadonlyMap<string, string>;
}

function letterOf(recorded: RecordedMessage, message: InterCellMessage, { names, renamed }: Address): Letter {
  const topic = `${names.queueBase}.${message.messageType}`;
  const isFanout = recorded.exchange.endsWith('_fanout');
  const body = [...renamed].every(([from, to]) => from === to) ? Buffer.from(recorded.body ?? '') : rewritten(recorded, renamed);
  return {
    atMs: recorded.atMs,
    exchange: isFanout ? `${topic}_fanout` : names.exchange,
    routingKey: isFanout ? '' : topic,
    body,
    isFanout,
    message: interCellIn({ body: body.toString('utf8') }) ?? message,
  };
}

function rewritten({ body }: RecordedMessage, renamed: ReadonlyMap<string, string>): Buffer {
  const { rpc, envelope } = openEnvelope(Buffer.from(body ?? ''));
  const args = isJsonObject(rpc.args) ? rpc.args : {};
  const message = parseJson(String(args.message));
  const changed = isJsonObject(message) ? renamedPaths(message, renamed) : message;
  return sealEnvelope({ ...rpc, args: { ...args, message: stringifyJson(changed, { ascii: true }) } }, envelope ? '2.0' : 'bare');
}
