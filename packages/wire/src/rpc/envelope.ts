import { WireError } from '../errors.js';
import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../json/json.js';

const VERSION_KEY = 'oslo.version';
const MESSAGE_KEY = 'oslo.message';
const ENVELOPE_VERSION = '2.0';

/** The RPC dict of a message body, and whether it came in oslo's envelope (all releases but Grizzly send it). */
export function openEnvelope(body: Buffer): { rpc: JsonObject; envelope: boolean } {
  const outer = parseObject(body, 'the body');
  const enveloped = Object.hasOwn(outer, VERSION_KEY) && Object.hasOwn(outer, MESSAGE_KEY);
  if (!enveloped) return { rpc: outer, envelope: false };
  // Same major, minor not above ours: with 2.0 that leaves one version.
  if (outer[VERSION_KEY] !== ENVELOPE_VERSION) {
    throw new WireError(
      'bad-version',
      `envelope version ${JSON.stringify(String(outer[VERSION_KEY]))} is not ${ENVELOPE_VERSION}`,
    );
  }
  const inner = outer[MESSAGE_KEY];
  if (typeof inner !== 'string') throw new WireError('bad-envelope', `${MESSAGE_KEY} is not a string`);
  return { rpc: parseObject(inner, MESSAGE_KEY), envelope: true };
}

/** A message body: ASCII JSON, in the envelope or bare. */
export function sealEnvelope(rpc: JsonObject, form: 'bare' | '2.0'): Buffer {
  const text = stringifyJson(rpc, { ascii: true });
  if (form === 'bare') return Buffer.from(text, 'latin1');
  return Buffer.from(stringifyJson({ [VERSION_KEY]: ENVELOPE_VERSION, [MESSAGE_KEY]: text }), 'latin1');
}

function parseObject(text: string | Buffer, what: string): JsonObject {
  const value = parse(text, what);
  if (!isJsonObject(value)) throw new WireError('bad-envelope', `${what} is not a JSON object`);
  return value;
}

function parse(text: string | Buffer, what: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new WireError('bad-json', `${what}: ${cause.message}`, { cause });
  }
}
