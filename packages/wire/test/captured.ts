import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type InterCellMessage, isRelease, type JsonObject, type JsonValue, parseJson, type Release } from '../src/index.js';
import { decodeInterCell } from '../src/intercell/message.js';
import { openEnvelope } from '../src/rpc/envelope.js';
import { type RpcDict, readRpcDict } from '../src/rpc/rpc-dict.js';

/** One message as it crossed between an unmodified parent and an unmodified child. */
export interface Captured {
  readonly release: Release;
  /** What the user was doing, for test names. */
  readonly verb: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly envelope: boolean;
  readonly rpc: RpcDict;
  /** The text of `args.message`. */
  readonly text: string;
  readonly message: InterCellMessage;
}

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));

/** Releases with recorded traffic. */
export const CAPTURED_RELEASES: readonly Release[] = readdirSync(FIXTURES).filter(isRelease).sort();

export function capturedMessages(release: Release): Captured[] {
  const lines = gunzipSync(new Uint8Array(readFileSync(`${FIXTURES}${release}/messages.ndjson.gz`)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => captured(release, parseJson(line) as JsonObject));
}

function captured(release: Release, line: JsonObject): Captured {
  const body = Buffer.from(text(line.body), 'utf8');
  const { rpc, envelope } = openEnvelope(body);
  const dict = readRpcDict(rpc);
  const message = text(dict.args.message);
  return {
    release,
    verb: text(line.verb),
    exchange: text(line.exchange),
    routingKey: text(line.routingKey),
    body,
    envelope,
    rpc: dict,
    text: message,
    message: decodeInterCell(message),
  };
}

function text(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new Error('a fixture line lacks a text');
  return value;
}
