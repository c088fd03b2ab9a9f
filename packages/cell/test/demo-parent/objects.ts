import { isObject, type Json, type JsonObject } from './json.js';
import { FIELD_SETS, OBJECT_VERSIONS } from './object-data.js';
import type { Release } from './releases.js';
import { type Findings, Lost } from './violations.js';

/** A versioned object as it came: only what a real parent looks at. */
export interface ReadObject {
  readonly name: string;
  readonly version: string;
  readonly data: JsonObject;
  readonly changes: readonly string[];
}

const KEYS = new Set(['name', 'namespace', 'version', 'data', 'changes'].map((key) => `nova_object.${key}`));
const ISO_DATE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$/;
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const MAX_INTEGER = 2 ** 31 - 1;
/** Diagnostics are no row: libvirt counts nanoseconds and bytes, and no column bounds them. */
const isCounter = (path: string, type: string, value: Json) =>
  type === 'int' && path.includes('Diagnostics.') && Number.isSafeInteger(value);

/** Fields and types of an object in a release; undefined when that release has no such object. */
export function fieldsOf(name: string, release: Release): ReadonlyMap<string, string> | undefined {
  const registered = OBJECT_VERSIONS[name]?.[release];
  if (!registered) return undefined;
  const text = FIELD_SETS[registered[1]] ?? '';
  return new Map(
    text.split(' ').map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1)] as const;
    }),
  );
}

/** The version a release itself writes. */
export function versionOf(name: string, release: Release): string {
  return OBJECT_VERSIONS[name]?.[release]?.[0] ?? '1.0';
}

export function isNovaObject(value: Json | undefined): value is JsonObject {
  return isObject(value) && 'nova_object.name' in value;
}

/**
 * Reads an object as nova's serializer does (`nova/objects/base.py`): throws {@link Lost} where it would
 * raise or ask a conductor for a backport; adds to `findings` what it would silently drop.
 */
export function readObject(value: Json | undefined, release: Release, findings: Findings, expected?: string): ReadObject {
  if (!isNovaObject(value)) throw new Lost('not-an-object', `${expected ?? 'an object'} was expected, not ${typeof value}`);
  const name = String(value['nova_object.name']);
  const version = String(value['nova_object.version']);
  if (expected !== undefined && name !== expected) throw new Lost('wrong-object', `${expected} was expected, not ${name}`);
  if (value['nova_object.namespace'] !== 'nova') throw new Lost('foreign-namespace', `${name} is not of namespace nova`);
  for (const key of Object.keys(value))
    if (!KEYS.has(key)) findings.add('useless', 'unknown-object-key', `${name} has key ${key}`);
  checkVersion(name, version, release);
  const data = value['nova_object.data'];
  if (!isObject(data)) throw new Lost('no-data', `${name} has no nova_object.data`);
  checkFields({ name, data, release, findings });
  return { name, version, data, changes: readChanges(name, value['nova_object.changes'], data) };
}

function readChanges(name: string, value: Json | undefined, data: JsonObject): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0)
    throw new Lost('bad-changes', `${name}: nova_object.changes is no list, or empty`);
  const changes = value.map(String);
  for (const field of changes) {
    if (!(field in data)) throw new Lost('changes-without-data', `${name}: ${field} is in changes and not in data`);
  }
  return changes;
}

/** Same major, minor not above the receiver's; Liberty also registers Instance 1.x. */
function checkVersion(name: string, version: string, release: Release): void {
  const own = OBJECT_VERSIONS[name]?.[release]?.[0];
  if (own === undefined) throw new Lost('unknown-object', `${release} has no object ${name}`);
  const match = /^(\d+)\.(\d+)(\.\d+)?$/.exec(version);
  if (!match) throw new Lost('bad-object-version', `${name} has version ${version}`);
  const [major, minor] = own.split('.').map(Number);
  const fits = Number(match[1]) === major && Number(match[2]) <= (minor ?? 0);
  const oldLiberty = release === 'liberty' && name === 'Instance' && match[1] === '1' && Number(match[2]) <= 23;
  if (!fits && !oldLiberty) throw new Lost('bad-object-version', `${name} ${version} at a parent with ${own}`);
}

function checkFields(of: { name: string; data: JsonObject; release: Release; findings: Findings }): void {
  const fields = fieldsOf(of.name, of.release) ?? new Map<string, string>();
  for (const [field, value] of Object.entries(of.data)) {
    const type = fields.get(field);
    if (type === undefined) of.findings.add('useless', 'unknown-field', `${of.name} of ${of.release} has no field ${field}`);
    else checkValue(`${of.name}.${field}`, value, type.replace(/_ro$/, ''), of);
  }
}

function checkValue(path: string, value: Json, type: string, of: { release: Release; findings: Findings }): void {
  if (value === null) {
    if (!type.endsWith('?')) throw new Lost('null-field', `${path} must not be null`);
    return;
  }
  const bare = type.replace(/\?$/, '');
  if (bare.startsWith('object:')) {
    readObject(value, of.release, of.findings, bare.slice('object:'.length));
    return;
  }
  const item = /^(?:list|set)<(.+)>$/.exec(bare)?.[1];
  if (item !== undefined || bare === 'list') {
    checkItems(path, value, item, of);
    return;
  }
  if (!fits(value, bare) && !isCounter(path, bare, value))
    throw new Lost('wrong-type', `${path} = ${JSON.stringify(value).slice(0, 60)} is no ${bare}`);
}

function checkItems(path: string, value: Json, item: string | undefined, of: { release: Release; findings: Findings }): void {
  if (!Array.isArray(value)) throw new Lost('wrong-type', `${path} is no list`);
  value.forEach((entry, index) => {
    if (item !== undefined) checkValue(`${path}[${index}]`, entry, item, of);
    else if (isNovaObject(entry)) readObject(entry, of.release, of.findings);
  });
}

const CHECKS: Readonly<Record<string, (value: Json) => boolean>> = {
  datetime: (value) => typeof value === 'string' && ISO_DATE.test(value),
  int: (value) => isInteger(value) && Math.abs(Number(value)) <= MAX_INTEGER,
  float: (value) => typeof value === 'number' || (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))),
  bool: (value) => typeof value === 'boolean' || value === 0 || value === 1,
  flexbool: (value) => ['boolean', 'string'].includes(typeof value),
  uuid: (value) => typeof value === 'string' && UUID.test(value),
  ipv4: (value) => typeof value === 'string' && IPV4.test(value),
  ipv6: (value) => typeof value === 'string' && value.includes(':'),
  ip: (value) => typeof value === 'string' && (value.includes(':') || IPV4.test(value)),
  str: isString,
  enum: isString,
  networkModel: (value) => typeof value === 'string' || Array.isArray(value),
  dict: isObject,
};

function fits(value: Json, type: string): boolean {
  if (type.startsWith('enum')) return isString(value);
  if (type.startsWith('dict<str'))
    return isObject(value) && Object.values(value).every((entry) => entry === null || isString(entry));
  if (type.startsWith('dict')) return isObject(value);
  return (CHECKS[type] ?? (() => true))(value);
}

function isString(value: Json): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && !String(value).includes('\u0000');
}

function isInteger(value: Json): boolean {
  return (typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^-?\d+$/.test(value));
}
