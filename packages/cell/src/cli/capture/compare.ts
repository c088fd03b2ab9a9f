import type { JsonValue, ResponseItem } from '@burstcell/wire';
import { shapeDifferences } from './answer-shape.js';
import type { Told } from './told.js';
import type { ToldRow } from './told-row.js';

/** Something that means one thing in what was said then and another in what is said now. */
export interface Difference {
  /** An instance's or a question's uuid. */
  readonly about: string;
  /** What of it: `vm_state`, `faults`, `answer`, … */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const NOT_SAID = 'not said';
/** Without these a parent does not know where an instance is: saying nothing of them is a difference. */
const ESSENTIAL: readonly (keyof ToldRow)[] = ['vm_state', 'task_state', 'power_state'];
const COMPARED: readonly (keyof ToldRow)[] = [
  ...ESSENTIAL,
  'host',
  'launched_at',
  'display_name',
  'image_ref',
  'memory_mb',
  'vcpus',
  'locked',
  'flavor',
  'addresses',
];

/**
 * Compares by meaning what two cells told their parents in a turn: where instances came to rest, faults, devices and answers.
 * How many messages it took, and the steps on the way, are not looked at.
 */
export function compareTold(then: Told, now: Told): readonly Difference[] {
  const uuids = [...new Set([...then.touched, ...now.touched])];
  return [...uuids.flatMap((uuid) => compareInstance(uuid, then, now)), ...compareAnswers(then, now)];
}

function compareInstance(uuid: string, then: Told, now: Told): readonly Difference[] {
  const [goneThen, goneNow] = [then.gone.has(uuid), now.gone.has(uuid)];
  if (goneThen || goneNow) return differing(uuid, 'existence', goneThen ? 'gone' : 'there', goneNow ? 'gone' : 'there');
  return [...compareRows(uuid, then.rows.get(uuid) ?? {}, now.rows.get(uuid) ?? {}), ...compareEvents(uuid, then, now)];
}

function compareRows(about: string, then: ToldRow, now: ToldRow): readonly Difference[] {
  return COMPARED.flatMap((name) => {
    const [before, after] = [then[name], now[name]];
    if (before === undefined && after === undefined) return [];
    if ((before === undefined || after === undefined) && !ESSENTIAL.includes(name)) return [];
    return differing(about, name, before ?? NOT_SAID, after ?? NOT_SAID);
  });
}

function compareEvents(about: string, then: Told, now: Told): readonly Difference[] {
  const [before, after] = [then.events.get(about), now.events.get(about)];
  const faults = (told: typeof before) => (told?.faults ?? []).map(({ code }) => code).join(', ') || 'none';
  const devices = (told: typeof before) =>
    [...(told?.devices ?? [])].map(([name, state]) => (state === 'there' ? name : `${name} gone`)).join(', ') || 'none';
  return [
    ...differing(about, 'faults', faults(before), faults(after)),
    ...differing(about, 'devices', devices(before), devices(after)),
  ];
}

function compareAnswers(then: Told, now: Told): readonly Difference[] {
  const questions = [...new Set([...then.answers.keys(), ...now.answers.keys()])];
  return questions.flatMap((question) => {
    const [before, after] = [then.answers.get(question)?.[0], now.answers.get(question)?.[0]];
    if (before === undefined || after === undefined || 'failure' in before || 'failure' in after) {
      return differing(question, 'answer', outcomeOf(before), outcomeOf(after));
    }
    return formDifferences(question, before.value, after.value);
  });
}

function formDifferences(about: string, then: JsonValue, now: JsonValue): readonly Difference[] {
  const differences = shapeDifferences(then, now);
  return differences.map((difference) => ({ about, what: 'form of the answer', before: 'as it was', after: difference }));
}

/** In one word what was answered. */
export function outcomeOf(item: ResponseItem | undefined): string {
  if (item === undefined) return 'none';
  return 'failure' in item ? item.failure.className : 'a value';
}

function differing(about: string, what: string, then: string, now: string): readonly Difference[] {
  return then === now ? [] : [{ about, what, before: then, after: now }];
}
