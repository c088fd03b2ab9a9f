export type JsonObject = { [key: string]: JsonValue };
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

/** A text that is not JSON, or nests too deep. The message never quotes the text, which may hold secrets. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}
