import type { Unit, Write } from '@burstcell/store';
import { type Intent, originToJson } from '../intent.js';
import type { Verb } from './verb.js';

export interface Deadlines {
  readonly buildMs: number;
  readonly verbMs: number;
}

/** A message seen for the first time, and what came of it. */
export interface Submission {
  readonly messageUuid: string;
  readonly method: string;
  readonly intents: readonly Intent[];
  /** Rows that go with it: new instances, changed names. */
  readonly writes?: readonly Write[];
}

/** One unit: the message is marked as seen, its rows are written and its operations wait, or none of it. */
export function submissionUnit(submission: Submission, verbs: ReadonlyMap<string, Verb>, deadlines: Deadlines, now: Date): Unit {
  return {
    guards: [{ guard: 'new-message', uuid: submission.messageUuid, method: submission.method }],
    writes: [
      ...(submission.writes ?? []),
      ...submission.intents.flatMap((intent) => intentWrites(intent, verbs, deadlines, now)),
    ],
  };
}

function intentWrites(intent: Intent, verbs: ReadonlyMap<string, Verb>, deadlines: Deadlines, now: Date): readonly Write[] {
  const verb = verbs.get(intent.verb);
  if (verb === undefined) throw new Error(`no such verb: ${intent.verb}`);
  return [...cancelWrites(intent, verb, verbs), ...actionWrites(intent, verb, now), operationWrite(intent, verb, deadlines, now)];
}

function cancelWrites({ uuid }: Intent, { cancels }: Verb, verbs: ReadonlyMap<string, Verb>): readonly Write[] {
  if (cancels === undefined) return [];
  const exceptVerbs = 'except' in cancels ? cancels.except : [...verbs.keys()].filter((name) => !cancels.only.includes(name));
  return [{ write: 'cancel-operations', uuid, exceptVerbs }];
}

function actionWrites({ uuid, origin }: Intent, verb: Verb, now: Date): readonly Write[] {
  if (verb.action === null) return [];
  const { requestId, userId, projectId } = origin;
  return [{ write: 'start-action', uuid, action: verb.action, requestId, userId, projectId, at: now }];
}

function operationWrite(intent: Intent, verb: Verb, deadlines: Deadlines, now: Date): Write {
  const withinMs = verb.deadline === 'build' ? deadlines.buildMs : deadlines.verbMs;
  return {
    write: 'enqueue-operation',
    instanceUuid: intent.uuid,
    verb: intent.verb,
    parameters: intent.parameters,
    cause: intent.cause,
    origin: originToJson(intent.origin),
    deadline: new Date(now.getTime() + withinMs),
  };
}
