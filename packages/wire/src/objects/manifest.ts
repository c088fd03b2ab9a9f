import { RELEASES, type Release } from '../dialects/release.js';
import { OBJECT_ROWS, type ObjectRow } from './object-table.js';

export interface ObjectField {
  readonly kind: 'scalar' | 'datetime' | 'object' | 'list' | 'objects' | 'dict' | 'network-model';
  /** The type as nova names it, without `?`: `int`, `uuid`, `dict<str>`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Name of the nested object. */
  readonly nested?: string;
}

/** An object as one release knows it. */
export interface ObjectSchema {
  readonly name: string;
  readonly version: string;
  readonly fields: ReadonlyMap<string, ObjectField>;
}

const cache = new Map<string, ObjectSchema | undefined>();

/** Undefined where the release has no such object, or none that crosses between cells. */
export function objectSchema(release: Release, name: string): ObjectSchema | undefined {
  const key = `${release} ${name}`;
  if (!cache.has(key)) cache.set(key, build(release, name));
  return cache.get(key);
}

/** Name → version of every object that a release knows. */
export function manifest(release: Release): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const name of Object.keys(OBJECT_ROWS)) {
    const schema = objectSchema(release, name);
    if (schema !== undefined) versions.set(name, schema.version);
  }
  return versions;
}

function build(release: Release, name: string): ObjectSchema | undefined {
  const rows = Object.hasOwn(OBJECT_ROWS, name) ? (OBJECT_ROWS[name] ?? []) : [];
  const upToNow = rows.filter(([since]) => RELEASES.indexOf(since) <= RELEASES.indexOf(release));
  const latest = upToNow.at(-1);
  if (latest === undefined) return undefined;
  return { name, version: latest[1], fields: fieldsOf(upToNow) };
}

function fieldsOf(rows: readonly ObjectRow[]): Map<string, ObjectField> {
  const fields = new Map<string, ObjectField>();
  const words = rows.flatMap(([, , text]) => text.split(/\s+/)).filter((word) => word !== '');
  for (const word of words) {
    if (word.startsWith('-')) fields.delete(word.slice(1));
    else fields.set(word.slice(0, word.indexOf(':')), fieldOf(word.slice(word.indexOf(':') + 1)));
  }
  return fields;
}

function fieldOf(text: string): ObjectField {
  const nullable = text.endsWith('?');
  const type = nullable ? text.slice(0, -1) : text;
  const nested = /^(list<)?object:(\w+)>?$/.exec(type);
  if (nested) return { kind: nested[1] === undefined ? 'object' : 'objects', type, nullable, nested: nested[2] ?? '' };
  return { kind: kindOf(type), type, nullable };
}

function kindOf(type: string): 'scalar' | 'datetime' | 'list' | 'dict' | 'network-model' {
  if (type === 'datetime') return 'datetime';
  if (type === 'networkModel') return 'network-model';
  if (/^(list|set)\b/.test(type)) return 'list';
  return /^dict\b/.test(type) ? 'dict' : 'scalar';
}
