import {
  type InterCellMessage,
  interCellMessageOf,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  openEnvelope,
  parseJson,
  stringifyJson,
  WireError,
} from '@burstcell/wire';
import { CliError, ExitCode } from '../cli-error.js';

/** The form of the file; a newer one is refused. */
const VERSION = 1;

/** A broker that was listened at. */
export interface RecordedBroker {
  /** Whose it is: the cell's own name, or its neighbour's. */
  readonly cell: string;
  readonly side: 'own' | 'parent' | 'child';
  readonly exchange: string;
  readonly queueBase: string;
  /** `host:port/virtual host`, without credentials; empty when it is not known. */
  readonly addresses: readonly string[];
}

/** The first line of a recording. */
export interface RecordingHeader {
  readonly startedAt: string;
  /** `[cells] name` of the cell that was listened to. */
  readonly cell: string;
  /** `[burst] parent_release` then. */
  readonly release: string;
  readonly brokers: readonly RecordedBroker[];
}

/** What of a message's AMQP properties matters to whoever reads it. */
export interface RecordedProperties {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly deliveryMode?: number;
  readonly headers?: JsonObject;
}

/** One message as it was published, without its secrets. */
export interface RecordedMessage {
  /** Since the start of the recording. */
  readonly atMs: number;
  /** `cell` of the broker it was published at. */
  readonly broker: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: RecordedProperties;
  /** What was being done at the time, where somebody noted it. */
  readonly mark?: string;
  /** Null: it could not be read, so that its secrets could not be found either. */
  readonly body: string | null;
  /** Why it could not be read. */
  readonly unreadable?: string;
  readonly bytes: number;
}

export interface Recording {
  readonly header: RecordingHeader;
  readonly messages: readonly RecordedMessage[];
}

export function headerLine(header: RecordingHeader): string {
  return stringifyJson({ burstcell: 'recording', version: VERSION, ...(header as unknown as JsonObject) });
}

export function messageLine(message: RecordedMessage): string {
  return stringifyJson(message as unknown as JsonObject);
}

/** Reads JSON lines. Throws a CliError that names the line. A last line cut short (the writer was killed) is left out. */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  const tail = lines.pop();
  const isCut = tail !== undefined && tail !== '';
  const [first, ...rest] = lines;
  if (first === undefined) throw unreadable(1, isCut ? 'it does not end' : 'the file is empty');
  const messages = rest.map((line, index) => messageOf(objectAt(line, index + 2), index + 2));
  return { header: headerOf(objectAt(first, 1)), messages };
}

/** The inter-cell message in a recorded body; null where there is none, as for the traffic of other exchanges. */
export function interCellIn({ body }: Pick<RecordedMessage, 'body'>): InterCellMessage | null {
  if (body === null) return null;
  try {
    const { rpc } = openEnvelope(Buffer.from(body));
    if (typeof rpc.method !== 'string' || !isJsonObject(rpc.args)) return null;
    return interCellMessageOf({ method: rpc.method, args: rpc.args });
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

function headerOf(line: JsonObject): RecordingHeader {
  if (line.burstcell !== 'recording') throw unreadable(1, 'it is no header of a recording');
  if (line.version !== VERSION) throw unreadable(1, `its form is ${String(line.version)}, and this program reads ${VERSION}`);
  const { startedAt, cell, release, brokers } = line;
  if (typeof cell !== 'string' || !Array.isArray(brokers)) throw unreadable(1, 'cell or brokers are missing');
  return {
    startedAt: String(startedAt),
    cell,
    release: String(release),
    brokers: brokers.filter(isJsonObject).map(brokerOf),
  };
}

function brokerOf(broker: JsonObject): RecordedBroker {
  const { cell, side, exchange, queueBase, addresses } = broker;
  if (side !== 'own' && side !== 'parent' && side !== 'child') throw unreadable(1, 'a broker is of no known side');
  const texts = Array.isArray(addresses) ? addresses.map(String) : [];
  return { cell: String(cell), side, exchange: String(exchange), queueBase: String(queueBase), addresses: texts };
}

function messageOf(line: JsonObject, number: number): RecordedMessage {
  const { atMs, broker, exchange, routingKey, properties, body, mark, unreadable: why, bytes } = line;
  if (typeof atMs !== 'number' || typeof exchange !== 'string' || typeof routingKey !== 'string') {
    throw unreadable(number, 'atMs, exchange or routingKey is missing');
  }
  if (typeof body !== 'string' && body !== null) throw unreadable(number, 'body is missing');
  return {
    atMs,
    broker: String(broker),
    exchange,
    routingKey,
    properties: (isJsonObject(properties) ? properties : {}) as RecordedProperties,
    body,
    bytes: typeof bytes === 'number' ? bytes : (body?.length ?? 0),
    ...(typeof mark === 'string' ? { mark } : {}),
    ...(typeof why === 'string' ? { unreadable: why } : {}),
  };
}

function objectAt(line: string, number: number): JsonObject {
  const value = valueAt(line, number);
  if (!isJsonObject(value)) throw unreadable(number, 'it is no JSON object');
  return value;
}

function valueAt(line: string, number: number): JsonValue {
  try {
    return parseJson(line);
  } catch (cause) {
    throw unreadable(number, cause instanceof Error ? cause.message : String(cause));
  }
}

function unreadable(line: number, why: string): CliError {
  return new CliError(`line ${line} of the recording cannot be read: ${why}`, "Give a file that 'burstcell capture' wrote.", {
    exitCode: ExitCode.USAGE,
  });
}
