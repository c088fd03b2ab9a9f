import type { Direction, MessageType } from '../intercell/message.js';
import {
  type AnswerRule,
  COMPUTE_API_METHODS,
  DOWN_METHODS,
  FANOUT_METHODS,
  type MethodRow,
  UP_METHODS,
} from './method-table.js';
import { RELEASES, type Release } from './release.js';

/** `id`: an integer or a string; `instance`: an Instance object, or a dict with a uuid. */
export type ArgumentKind = 'string' | 'uuid' | 'id' | 'integer' | 'boolean' | 'object' | 'array' | 'instance' | 'any';

export interface ArgumentSpec {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly nullable: boolean;
  /** False for one that has a default. */
  readonly required: boolean;
}

/** One method of the inter-cell protocol in one release. */
export interface MethodSpec {
  readonly name: string;
  readonly direction: Direction;
  readonly type: MessageType;
  readonly args: readonly ArgumentSpec[];
  readonly answer: AnswerRule;
  readonly fanout: boolean;
  /** Whether further keyword arguments do no harm at a real cell. */
  readonly extras: boolean;
}

/** One method of nova's compute API as it travels in `run_compute_api_method`. */
export interface ComputeApiMethodSpec {
  readonly name: string;
  /** Positional arguments after the uuid. */
  readonly positional: readonly string[];
  /** Null where any column may be named. */
  readonly keywords: readonly string[] | null;
  readonly answer: AnswerRule;
}

interface ReleaseMethods {
  readonly methods: readonly MethodSpec[];
  readonly byKey: ReadonlyMap<string, MethodSpec>;
  readonly computeApi: ReadonlyMap<string, ComputeApiMethodSpec>;
}

const cache = new Map<Release, ReleaseMethods>();

/** Every method of a release in both directions. */
export function methodsOf(release: Release): readonly MethodSpec[] {
  return tablesOf(release).methods;
}

/** nova keeps a class of methods per message type: the same name may be known as a broadcast only. */
export function methodOf(release: Release, direction: Direction, type: MessageType, name: string): MethodSpec | undefined {
  return tablesOf(release).byKey.get(keyOf(direction, type, name));
}

export function computeApiMethodsOf(release: Release): ReadonlyMap<string, ComputeApiMethodSpec> {
  return tablesOf(release).computeApi;
}

function tablesOf(release: Release): ReleaseMethods {
  const known = cache.get(release);
  if (known !== undefined) return known;
  const methods = [...specs(release, 'down', DOWN_METHODS), ...specs(release, 'up', UP_METHODS)];
  const tables = {
    methods,
    byKey: new Map(methods.map((spec) => [keyOf(spec.direction, spec.type, spec.name), spec])),
    computeApi: new Map(computeApiSpecs(release).map((spec) => [spec.name, spec])),
  };
  cache.set(release, tables);
  return tables;
}

function keyOf(direction: Direction, type: MessageType, name: string): string {
  return `${direction} ${type} ${name}`;
}

function specs(release: Release, direction: Direction, rows: readonly MethodRow[]): MethodSpec[] {
  return rows
    .filter(([, , since, until]) => isWithin(release, since, until))
    .map(([name, type, , , answer, args]) => ({
      name,
      direction,
      type: type === 'broadcast+' ? 'broadcast' : type,
      args: argumentsIn(args, release),
      answer,
      fanout: FANOUT_METHODS.has(name),
      extras: type === 'broadcast+',
    }));
}

function computeApiSpecs(release: Release): ComputeApiMethodSpec[] {
  return COMPUTE_API_METHODS.filter(([, since, until]) => isWithin(release, since, until)).map(
    ([name, , , answer, positional, keywords]) => ({
      name,
      positional: wordsOf(positional),
      keywords: keywords === '*' ? null : wordsOf(keywords),
      answer,
    }),
  );
}

function argumentsIn(text: string, release: Release): ArgumentSpec[] {
  return wordsOf(text).flatMap((word) => {
    const match = /^(\w+):(\w+)(\?)?(?:@(\w+))?$/.exec(word);
    if (!match) throw new Error(`method table: ${word} is no argument`);
    const [, name = '', kind = '', nullable, since] = match;
    if (since !== undefined && !isWithin(release, since as Release, 'rocky')) return [];
    return [{ name, kind: kind as ArgumentKind, nullable: nullable === '?', required: since === undefined }];
  });
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

function isWithin(release: Release, since: Release, until: Release): boolean {
  const at = RELEASES.indexOf(release);
  return at >= RELEASES.indexOf(since) && at <= RELEASES.indexOf(until);
}
