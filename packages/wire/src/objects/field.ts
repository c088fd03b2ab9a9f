import { WireError } from '../errors.js';
import { isJsonObject, type JsonValue, stringifyJson } from '../json/json.js';
import { formatObjectTime } from '../time.js';
import type { ObjectField } from './manifest.js';

/** A field on its way out, with what names it in an error. */
export interface FieldPlace {
  readonly object: string;
  readonly name: string;
  readonly field: ObjectField;
}

/** Checks a value against its field's type and gives its wire form: a wrong one loses the whole message at the parent. */
export function encodeField(place: FieldPlace, value: JsonValue | Date): JsonValue {
  const { field } = place;
  if (value === null) {
    if (field.nullable) return null;
    throw wrong(place, 'null is not allowed');
  }
  if (field.kind === 'datetime') return timeOf(place, value);
  if (value instanceof Date) throw wrong(place, 'it is no time');
  if (field.kind === 'network-model') return networkModelOf(place, value);
  if (!isOfKind(field, value)) throw wrong(place, `it is not ${field.type}`);
  return value;
}

function timeOf(place: FieldPlace, value: JsonValue | Date): string {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(place, 'a time is given as a Date');
  return formatObjectTime(value);
}

/** Travels as a string that holds JSON. */
function networkModelOf(place: FieldPlace, value: JsonValue): string {
  if (Array.isArray(value)) return stringifyJson(value, { ascii: true });
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(place, 'a list of interfaces, or its JSON text, is wanted');
}

function isOfKind({ kind, type, nested }: ObjectField, value: JsonValue): boolean {
  switch (kind) {
    case 'object':
      return isJsonObject(value) && value['nova_object.name'] === nested;
    case 'objects':
    case 'list':
      return Array.isArray(value);
    case 'dict':
      return isJsonObject(value) && hasTextValues(type, value);
    default:
      return isScalar(type, value);
  }
}

function hasTextValues(type: string, dict: { [key: string]: JsonValue }): boolean {
  if (type === 'dict<str>') return Object.values(dict).every((value) => typeof value === 'string');
  if (type !== 'dict<str?>') return true;
  return Object.values(dict).every((value) => value === null || typeof value === 'string');
}

function isScalar(type: string, value: JsonValue): boolean {
  switch (type) {
    case 'int':
      return typeof value === 'bigint' || Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'bool':
    case 'flexbool':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string';
  }
}

function wrong({ object, name, field }: FieldPlace, what: string): WireError {
  return new WireError('bad-object', `${object}.${name} (${field.type}): ${what}`);
}
