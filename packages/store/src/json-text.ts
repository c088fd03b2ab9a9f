/** Where JSON text holds something PostgreSQL refuses in text: NUL, or half of a surrogate pair (both only as escapes). */
const SUSPECT = /\\(?:u0000|ud[89a-f])/;

/** Consumes escaped backslashes first, so that a literal `\u0000` written by somebody stays what it is. */
const ESCAPES = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

const REPLACEMENT = '\ufffd';

/**
 * The value as JSON that PostgreSQL takes: NUL characters and lone surrogates, which its text cannot
 * hold, become U+FFFD. Throws a TypeError for what JSON has no form for (a bigint, a circle).
 */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!SUSPECT.test(text)) return text;
  return text.replace(ESCAPES, (found) => (found === '\\\\' ? found : REPLACEMENT));
}
