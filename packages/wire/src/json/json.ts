import { MAX_JSON_DEPTH } from '../timings.js';
import { endOfString, JsonParser, tooDeep } from './parser.js';
import { JsonError, type JsonObject, type JsonValue } from './types.js';

export { JsonError, type JsonObject, type JsonValue };

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface ParseOptions {
  /** Arrays and objects within one another; deeper is a {@link JsonError}. At most 1,000. */
  readonly maxDepth?: number;
}

export interface StringifyOptions {
  /** Writes every character beyond ASCII as an escape, as Python does by default. */
  readonly ascii?: boolean;
}

/** Safe for one stack frame or two per level. */
const DEEPEST = 1_000;
/**
 * The engine reads any depth without overflowing, but pays for each level; up to this length the price of the worst text is
 * some tens of milliseconds. Longer ones are looked over first. nova's messages have a tenth of it.
 */
const GLANCE_CHARS = 128 * 1024;

/**
 * Reads JSON as Python writes it and loses nothing: NaN and the infinities are numbers, integers beyond 2^53
 * are bigint. Of a repeated key the last counts; `__proto__` is a key like any other. Throws {@link JsonError}.
 */
export function parseJson(input: string | Buffer, options: ParseOptions = {}): JsonValue {
  const text = typeof input === 'string' ? input : input.toString('utf8');
  const maxDepth = Math.min(options.maxDepth ?? MAX_JSON_DEPTH, DEEPEST);
  if (text.length > GLANCE_CHARS) checkDepth(text, maxDepth);
  const value = parseNatively(text);
  if (value !== undefined && isLossless(value, maxDepth)) return value;
  // Either the text is no JSON to the engine (whose message would quote it), or an integer in it was rounded.
  return new JsonParser(text, maxDepth).parse();
}

/**
 * Writes JSON as Python reads it: bigint as a bare integer, NaN and the infinities by their names. A whole number beyond
 * 2^53 that is no bigint was a float, and is written as one.
 */
export function stringifyJson(value: JsonValue, options: StringifyOptions = {}): string {
  const text = isNative(value, 0) ? JSON.stringify(value) : write(value);
  return options.ascii === true ? escapeNonAscii(text) : text;
}

/** Whether a value is a JSON object (not null, not an array). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escapeNonAscii(text: string): string {
  // As many bytes as characters: the engine counts them faster than any expression looks at them.
  if (Buffer.byteLength(text) === text.length) return text;
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function parseNatively(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** False where a number may have been an integer beyond 2^53. Throws when too deep. */
function isLossless(value: JsonValue | undefined, maxDepth: number, depth = 1): boolean {
  if (typeof value === 'number') return isUnmistakable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxDepth) throw tooDeep(maxDepth);
  if (Array.isArray(value)) {
    for (const item of value) if (!isLossless(item, maxDepth, depth + 1)) return false;
    return true;
  }
  for (const key in value) if (!isLossless(value[key], maxDepth, depth + 1)) return false;
  return true;
}

/** The engine reads and writes it as it is: neither rounded, nor a float that looks like an integer, nor without a literal. */
function isUnmistakable(number: number): boolean {
  return Number.isSafeInteger(number) || (Number.isFinite(number) && !Number.isInteger(number));
}

/** One pass over the text outside its strings. */
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
      if (at < 0) return;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth) throw tooDeep(maxDepth);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
}

/** Whether the engine's writer writes this as Python would. Throws when too deep to be written safely. */
function isNative(value: JsonValue | undefined, depth: number): boolean {
  if (typeof value === 'number') return isUnmistakable(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (depth > DEEPEST) throw tooDeep(DEEPEST);
  if (Array.isArray(value)) {
    for (const item of value) if (!isNative(item, depth + 1)) return false;
    return true;
  }
  for (const key in value) if (!isNative(value[key], depth + 1)) return false;
  return true;
}

function write(value: JsonValue | undefined): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
}

function writeNumber(number: number): string {
  if (isUnmistakable(number)) return JSON.stringify(number);
  return Number.isFinite(number) ? number.toExponential() : String(number);
}
