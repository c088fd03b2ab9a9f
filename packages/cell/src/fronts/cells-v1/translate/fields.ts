import type { Json, JsonObject } from '@burstcell/store';
import {
  decodeObject,
  isJsonObject,
  isObjectPrimitive,
  type JsonValue,
  type NovaField,
  NovaObject,
  WireError,
} from '@burstcell/wire';

/** Fields of an instance, flavor, …: of an object, or of the plain dict that older releases send. */
export interface Fields {
  readonly values: Readonly<Record<string, NovaField>>;
  /** Names in `nova_object.changes`; of a dict: all. */
  readonly changes: ReadonlySet<string>;
}

/** Reads an object primitive or a dict. Throws WireError `bad-arguments` naming it. */
export function fieldsOf(value: JsonValue | NovaField | undefined, name: string): Fields {
  if (value instanceof NovaObject) return fields(value.data, () => value.changes);
  if (isPrimitive(value)) return fieldsOf(decodeObject(value), name);
  if (!isPlain(value)) throw new WireError('bad-arguments', `${name} is neither an object nor a dict`);
  return fields(value, () => Object.keys(value));
}

/** Most are read for their values alone. */
function fields(values: Fields['values'], changes: () => readonly string[]): Fields {
  let known: ReadonlySet<string> | undefined;
  return {
    values,
    get changes() {
      known ??= new Set(changes());
      return known;
    },
  };
}

export function textField(fields: Fields, name: string): string | null {
  const value = fields.values[name];
  return typeof value === 'string' ? value : null;
}

export function numberField(fields: Fields, name: string): number | null {
  const value = fields.values[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** True also for the 1 that older databases give. */
export function flagField(fields: Fields, name: string): boolean {
  const value = fields.values[name];
  return value === true || value === 1;
}

/** String keys with string (or null) values: a dict, or the list of `{key, value}` rows of the dict releases. */
export function textsField(fields: Fields, name: string): Readonly<Record<string, string | null>> {
  const value = fields.values[name];
  const pairs: readonly (readonly [string, NovaField | undefined])[] = Array.isArray(value)
    ? value.filter(isPlain).map((row) => [String(row.key), row.value])
    : isPlain(value)
      ? Object.entries(value)
      : [];
  return Object.fromEntries(pairs.map(([key, each]) => [key, each === null || each === undefined ? null : String(each)]));
}

/** As {@link textsField}, without nulls. */
export function wordsField(fields: Fields, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(textsField(fields, name)).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(entries);
}

/** Any field as JSON that a database takes: objects as their data, integers beyond 2^53 as text, NaN as null. */
export function plain(value: NovaField | undefined): Json {
  if (value instanceof NovaObject) return plainFields(value.data);
  if (Array.isArray(value)) return value.map(plain);
  if (isPlain(value)) return plainFields(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return (value as Json | undefined) ?? null;
}

export function plainFields(values: Readonly<Record<string, NovaField>>): JsonObject {
  return Object.fromEntries(Object.keys(values).map((key) => [key, plain(values[key])]));
}

function isPrimitive(value: JsonValue | NovaField | undefined): value is JsonValue & object {
  return isPlain(value) && isObjectPrimitive(value as JsonValue);
}

function isPlain(value: unknown): value is Readonly<Record<string, NovaField>> {
  return !(value instanceof NovaObject) && isJsonObject(value as JsonValue);
}
