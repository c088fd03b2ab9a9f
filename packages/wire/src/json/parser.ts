import { JsonError, type JsonObject, type JsonValue } from './types.js';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHITESPACE = /[ \t\n\r]*/y;
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];
/** As many digits as Python itself converts; turning more into a number takes time that grows with the square. */
const MAX_INTEGER_DIGITS = 4_300;

/**
 * Reads what Python writes and JavaScript does not: NaN, the infinities, integers beyond 2^53. Slower than the
 * engine's own parser, so only used where the text needs it, and to say where a text is wrong without quoting it.
 */
export class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  parse(): JsonValue {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong('text after the end');
    return value;
  }

  #value(): JsonValue {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case undefined:
        throw this.#wrong('the text ends early');
      default:
        return this.#wordOrNumber();
    }
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) throw tooDeep(this.#maxDepth);
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): JsonObject {
    const object: JsonObject = {};
    if (this.#take('}')) return object;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#wrong('a key is expected');
      const key = this.#string();
      if (!this.#take(':')) throw this.#wrong('a colon is expected');
      const value = this.#value();
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#wrong('a comma or } is expected');
    return object;
  }

  #array(): JsonValue[] {
    const items: JsonValue[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value());
    while (this.#take(','));
    if (!this.#take(']')) throw this.#wrong('a comma or ] is expected');
    return items;
  }

  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start + 1);
    if (end < 0) throw this.#wrong('a string has no end');
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      this.#at = start;
      throw this.#wrong('a string has a wrong escape or a control character');
    }
  }

  #wordOrNumber(): JsonValue {
    const found = WORDS.find(([word]) => this.#text.startsWith(word, this.#at));
    if (found === undefined) return this.#number();
    this.#at += found[0].length;
    return found[1];
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) throw this.#wrong('an unexpected character');
    this.#at += text.length;
    const number = Number(text);
    if (Number.isSafeInteger(number) || /[.eE]/.test(text)) return number;
    if (text.length > MAX_INTEGER_DIGITS) throw this.#wrong(`an integer of ${text.length} digits`);
    return BigInt(text);
  }

  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    WHITESPACE.lastIndex = this.#at;
    this.#at += WHITESPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #wrong(what: string): JsonError {
    return new JsonError(`not JSON: ${what} at character ${this.#at} of ${this.#text.length}`);
  }
}

export function tooDeep(maxDepth: number): JsonError {
  return new JsonError(`not read: nested deeper than ${maxDepth} levels`);
}

/** Index of the quote that ends the string whose content begins at `from`; -1 where there is none. */
export function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c && quote - 1 - backslashes >= from) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}
