import type { InterCellMessage } from '@burstcell/wire';
import { type Difference, outcomeOf } from './compare.js';
import { methodIn } from './method-in.js';
import type { Told } from './told.js';

/** What came up then beside what came up now. */
export interface Row {
  readonly about: string;
  readonly before: string;
  readonly after: string;
  /** In what they differ; empty: they mean the same. */
  readonly differences: readonly string[];
}

/** A row for each instance that something was said of, and for each question. */
export function sideBySide(
  { before, after }: { readonly before: Told; readonly after: Told },
  differences: readonly Difference[],
  questions: readonly InterCellMessage[],
): readonly Row[] {
  const uuids = [...new Set([...before.touched, ...after.touched])];
  const methods = new Map(questions.map((question) => [question.uuid, methodIn(question)]));
  const answered = [...new Set([...before.answers.keys(), ...after.answers.keys()])].filter((uuid) => methods.has(uuid));
  const of = (about: string) =>
    differences.filter((difference) => difference.about === about).map((difference) => `${difference.what}: ${difference.after}`);
  return [
    ...uuids.map((uuid) => ({ about: uuid, before: restOf(before, uuid), after: restOf(after, uuid), differences: of(uuid) })),
    ...answered.map((uuid) => ({
      about: methods.get(uuid) ?? uuid,
      before: outcomeOf(before.answers.get(uuid)?.[0]),
      after: outcomeOf(after.answers.get(uuid)?.[0]),
      differences: of(uuid),
    })),
  ];
}

/** Where an instance has come to rest, in nova's words. */
function restOf(told: Told, uuid: string): string {
  if (told.gone.has(uuid)) return 'gone';
  const row = told.rows.get(uuid);
  const faults = told.events.get(uuid)?.faults.map(({ message }) => message) ?? [];
  const said = row === undefined ? [] : [row.vm_state ?? '?', ...(row.task_state === 'none' ? [] : [row.task_state ?? '?'])];
  const parts = [...said, ...faults.map((message) => `fault: ${message}`)];
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}
