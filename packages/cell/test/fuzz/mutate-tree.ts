import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '@burstcell/wire';
import type { Dice } from './dice.js';

const DEEP = 300;
const LONG = 20_000;

/** Somewhere in a tree: the member of a list or an object. */
interface Place {
  readonly parent: JsonObject | JsonValue[];
  readonly key: string | number;
}

/** A value of any sort, and those that have hurt parsers, databases and clouds before. */
function strange(dice: Dice): JsonValue {
  const values: readonly (() => JsonValue)[] = [
    () => null,
    () => true,
    () => 0,
    () => -1,
    () => 2 ** 31,
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
    () => 123456789012345678901234567890n,
    () => 1.5,
    () => '',
    () => ' ',
    () => 'é\u0000\ud800☃',
    () => 'x'.repeat(LONG),
    () => "'; drop table instances; --",
    () => '../../etc/passwd',
    () => dice.uuid(),
    () => '2026-02-31T25:61:61',
    () => [],
    () => ({}),
    () => [null, [null, [null]]],
    () => ({ __proto__: null, constructor: { prototype: {} } }),
    () => deep(DEEP),
    () => ({
      'nova_object.name': 'Instance',
      'nova_object.version': '99.0',
      'nova_object.namespace': 'nova',
      'nova_object.data': {},
    }),
  ];
  return dice.pick(values)();
}

type Change = (place: Place, dice: Dice) => void;

const CHANGES: readonly Change[] = [
  (place, dice) => put(place, strange(dice)),
  (place, dice) => put(place, strange(dice)),
  ({ parent, key }) => (Array.isArray(parent) ? void parent.splice(Number(key), 1) : void delete parent[key]),
  (place) => put(place, [valueAt(place), valueAt(place)]),
  (place) => put(place, { inside: valueAt(place) }),
  (place) => put(place, stringifyJson(valueAt(place))),
  ({ parent, key }, dice) =>
    void (isJsonObject(parent) && Object.assign(parent, { [`${key}_${dice.below(9)}`]: parent[key] ?? null })),
];

/** Changes up to three members of a tree that nobody else holds. */
export function mutateTree(tree: JsonObject, dice: Dice): void {
  for (let times = 1 + dice.below(3); times > 0; times -= 1) {
    const place = placeIn(tree, dice);
    if (place !== null) dice.pick(CHANGES)(place, dice);
  }
}

/** Walks down at random; ends anywhere on the way. Null: an empty tree. */
function placeIn(tree: JsonObject, dice: Dice): Place | null {
  let parent: JsonObject | JsonValue[] = tree;
  for (;;) {
    const keys: readonly string[] = Object.keys(parent);
    if (keys.length === 0) return null;
    const key = dice.pick(keys);
    const place: Place = { parent, key: Array.isArray(parent) ? Number(key) : key };
    const value: JsonValue = valueAt(place);
    const isEnd = (!Array.isArray(value) && !isJsonObject(value)) || Object.keys(value).length === 0 || dice.chance(0.15);
    if (isEnd) return place;
    parent = value;
  }
}

function valueAt({ parent, key }: Place): JsonValue {
  return (Array.isArray(parent) ? parent[Number(key)] : parent[key]) ?? null;
}

function put({ parent, key }: Place, value: JsonValue): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function deep(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
