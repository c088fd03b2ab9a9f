import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { ObjectInput } from '../objects/object.js';
import { formatDictTime } from '../time.js';
import { type Column, hasColumn } from './instance-columns.js';
import { networkInfoText } from './network-info.js';

/** The columns a report names and the release has; null and false included. Throws WireError `forbidden` for a time that is none. */
export function columnsOf(dialect: Dialect, report: object, columns: ReadonlyMap<string, Column>): Map<string, JsonValue | Date> {
  const values = new Map<string, JsonValue | Date>();
  const given = report as Readonly<Record<string, unknown>>;
  for (const [name, column] of columns) {
    const value = given[name];
    if (value === undefined || !hasColumn(dialect.release, column)) continue;
    if (column.kind === 'time' && !isTime(value)) throw new WireError('forbidden', `${name} is no time`);
    values.set(name, value as JsonValue | Date);
  }
  return values;
}

/** Times in the one form that every dict release stores. */
export function dictColumns(values: ReadonlyMap<string, JsonValue | Date>): JsonObject {
  return Object.fromEntries([...values].map(([name, value]) => [name, value instanceof Date ? formatDictTime(value) : value]));
}

/** Saved at the parent because its own changes say so. */
export function infoCacheInput(uuid: string, networkInfo: readonly JsonObject[]): ObjectInput {
  const fields = { instance_uuid: uuid, network_info: networkInfoText(networkInfo) };
  return new ObjectInput('InstanceInfoCache', fields, ['network_info']);
}

function isTime(value: unknown): boolean {
  return value === null || (value instanceof Date && !Number.isNaN(value.getTime()));
}
