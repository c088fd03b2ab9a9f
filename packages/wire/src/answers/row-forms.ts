import type { JsonObject, JsonValue } from '../json/json.js';
import type { FieldInput } from '../objects/object.js';
import { formatDictTime } from '../time.js';

/** A row as a dict: times with six digits and no zone, never deleted (an integer there, a boolean in objects). */
export function dictRow(row: object): JsonObject {
  const columns = Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, JsonValue] => [key, value instanceof Date ? formatDictTime(value) : (value as JsonValue)]);
  return { ...Object.fromEntries(columns), deleted: 0, deleted_at: null };
}

/** A row as the fields of an object; what the release lacks is left out when it is encoded. */
export function fieldsOf(row: object): Record<string, FieldInput> {
  return { ...(Object.fromEntries(Object.entries(row)) as Record<string, FieldInput>), deleted: false, deleted_at: null };
}
