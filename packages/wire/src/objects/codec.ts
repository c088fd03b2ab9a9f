import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.js';
import { encodeField } from './field.js';
import { objectSchema } from './manifest.js';
import { type FieldInput, type NovaField, NovaObject, ObjectInput } from './object.js';

const NAME = 'nova_object.name';
const NAMESPACE = 'nova_object.namespace';
const VERSION = 'nova_object.version';
const DATA = 'nova_object.data';
const CHANGES = 'nova_object.changes';
const NOVA = 'nova';

export interface EncodeOptions {
  /** A field that this release's version lacks: left out (default), or WireError `bad-object`. Nested objects leave out. */
  readonly unknownFields?: 'drop' | 'refuse';
}

/** Whether a value is an object in wire form. */
export function isObjectPrimitive(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, NAME);
}

/** The fields of an object in wire form, undecoded; null for anything else. */
export function dataOf(value: JsonValue | undefined): JsonObject | null {
  if (!isObjectPrimitive(value)) return null;
  const data = value[DATA];
  return isJsonObject(data) ? data : null;
}

/**
 * Reads one object and those nested in it. Versions and fields we do not know are kept: a newer minor is no error.
 * Throws WireError `bad-object` for another namespace and for what has not the form of an object.
 */
export function decodeObject(value: JsonValue): NovaObject {
  if (!isObjectPrimitive(value)) throw new WireError('bad-object', `there is no object: ${NAME} is missing`);
  const name = value[NAME];
  const version = value[VERSION];
  const data = value[DATA];
  if (typeof name !== 'string') throw new WireError('bad-object', `${NAME} is not a string`);
  if (value[NAMESPACE] !== NOVA) throw new WireError('bad-object', `${name} is of another namespace than ${NOVA}`);
  if (typeof version !== 'string' || !/^\d+\.\d+(\.\d+)?$/.test(version)) {
    throw new WireError('bad-object', `${name} has no version of the form MAJOR.MINOR`);
  }
  if (!isJsonObject(data)) throw new WireError('bad-object', `${name} has no ${DATA}`);
  return new NovaObject(name, version, decodeMembers(data), changesOf(name, value[CHANGES]));
}

/** Reads the objects in any JSON: arguments, results. */
export function decodeValue(value: JsonValue): NovaField {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (!isJsonObject(value)) return value;
  return isObjectPrimitive(value) ? decodeObject(value) : decodeMembers(value);
}

/** Back to the wire form, unchanged: version, unknown fields and all. */
export function toPrimitive(value: NovaField): JsonValue {
  if (Array.isArray(value)) return value.map(toPrimitive);
  if (value instanceof NovaObject) return primitiveOf(value.name, value.version, membersToPrimitive(value.data), value.changes);
  return typeof value === 'object' && value !== null ? membersToPrimitive(value) : value;
}

/**
 * Writes an object as this release knows it: its version, its spelling of every field. Throws WireError `bad-object` where
 * the release has no such object, a value is not of its field's type, or a change names a field that is not given.
 */
export function encodeObject(dialect: Dialect, object: ObjectInput, options: EncodeOptions = {}): JsonObject {
  const schema = objectSchema(dialect.release, object.name);
  if (schema === undefined) throw new WireError('bad-object', `${dialect.release} has no object ${object.name}`);
  const data: JsonObject = {};
  for (const [name, value] of Object.entries(object.fields)) {
    if (value === undefined) continue;
    const field = schema.fields.get(name);
    if (field !== undefined) data[name] = encodeField({ object: object.name, name, field }, plain(dialect, value));
    else if (options.unknownFields === 'refuse') {
      throw new WireError('bad-object', `${object.name} ${schema.version} (${dialect.release}) has no field ${name}`);
    }
  }
  return primitiveOf(object.name, schema.version, data, knownChanges(object, data));
}

/** Nested objects first; what is no object stays for its field's rule. */
function plain(dialect: Dialect, value: FieldInput): JsonValue | Date {
  if (value instanceof ObjectInput) return encodeObject(dialect, value);
  if (Array.isArray(value)) return value.map((item: FieldInput) => plain(dialect, item) as JsonValue);
  return value as JsonValue | Date;
}

function knownChanges(object: ObjectInput, data: JsonObject): string[] {
  for (const name of object.changes) {
    if (object.fields[name] === undefined)
      throw new WireError('bad-object', `${object.name}: ${name} is said to change but not given`);
  }
  return object.changes.filter((name) => Object.hasOwn(data, name));
}

function primitiveOf(name: string, version: string, data: JsonObject, changes: readonly string[]): JsonObject {
  return {
    [NAME]: name,
    [NAMESPACE]: NOVA,
    [VERSION]: version,
    [DATA]: data,
    ...(changes.length === 0 ? {} : { [CHANGES]: [...changes] }),
  };
}

function changesOf(name: string, value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new WireError('bad-object', `${name}: ${CHANGES} is not a list of names`);
  }
  return value as string[];
}

function decodeMembers(data: JsonObject): Record<string, NovaField> {
  return mapMembers(data, decodeValue);
}

function membersToPrimitive(data: Readonly<Record<string, NovaField>>): JsonObject {
  return mapMembers(data, toPrimitive);
}

/** A build has some four hundred members, so no list of pairs is made of them. `__proto__` is a member like any other. */
function mapMembers<A, B>(from: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  const to: Record<string, B> = {};
  for (const key of Object.keys(from)) {
    const value = from[key] as A;
    if (key !== '__proto__') to[key] = change(value);
    else Object.defineProperty(to, key, { value: change(value), enumerable: true, configurable: true, writable: true });
  }
  return to;
}
