import { dataOf, isJsonObject, isObjectPrimitive, type JsonObject, type JsonValue } from '@burstcell/wire';

/**
 * Where two answers to one question differ in form: members that one lacks, values of another kind, objects of another
 * version. What the values say (ids, times, hosts) is each cell's own. Null and an empty list fit any form.
 */
export function shapeDifferences(then: JsonValue, now: JsonValue, path = ''): readonly string[] {
  if (then === null || now === null) return [];
  if (Array.isArray(then) && Array.isArray(now)) return listDifferences(then, now, path);
  if (isObjectPrimitive(then) && isObjectPrimitive(now)) return objectDifferences(then, now, path);
  if (isJsonObject(then) && isJsonObject(now)) return memberDifferences(then, now, path);
  const [before, after] = [kindOf(then), kindOf(now)];
  return before === after ? [] : [`${path || 'the answer'} is ${after}, was ${before}`];
}

function listDifferences(then: readonly JsonValue[], now: readonly JsonValue[], path: string): readonly string[] {
  const [before] = then;
  const [after] = now;
  return before === undefined || after === undefined ? [] : shapeDifferences(before, after, `${path}[]`);
}

function objectDifferences(then: JsonObject, now: JsonObject, path: string): readonly string[] {
  const [before, after] = [nameOf(then), nameOf(now)];
  if (before !== after) return [`${path || 'the answer'} is ${after}, was ${before}`];
  return memberDifferences(dataOf(then) ?? {}, dataOf(now) ?? {}, path);
}

function memberDifferences(then: JsonObject, now: JsonObject, path: string): readonly string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const at = path === '' ? name : `${path}.${name}`;
    const [before, after] = [then[name], now[name]];
    if (before === undefined) return [`${at} is new`];
    if (after === undefined) return [`${at} is missing`];
    return shapeDifferences(before, after, at);
  });
}

function nameOf(object: JsonObject): string {
  return `${String(object['nova_object.name'])} ${String(object['nova_object.version'])}`;
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'a list';
  if (isObjectPrimitive(value)) return nameOf(value);
  if (isJsonObject(value)) return 'an object';
  if (typeof value === 'bigint') return 'a number';
  return `a ${typeof value}`;
}
