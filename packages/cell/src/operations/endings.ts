import type { Json, JsonObject, OperationRow, Write } from '@burstcell/store';
import type { Origin } from '../intent.js';
import type { VmState } from '../states.js';
import { FAULT_MESSAGE_LENGTH, type Failure } from './failure.js';
import type { Done, Verb } from './verb.js';

interface Ending {
  readonly operation: OperationRow;
  readonly origin: Origin;
  readonly verb: Verb;
  readonly host: string | null;
  readonly at: Date;
}

/** All that belongs to a verb's good end: no task, the action finished, the parent told, the answer given. */
export function goodEnd(ending: Ending, result: Done): readonly Write[] {
  const { operation, origin } = ending;
  return [
    { write: 'patch-instance', uuid: operation.instanceUuid, set: { task_state: null } },
    ...result.writes,
    ...actionEnd(ending, null, result.note),
    { write: 'finish-operation', id: operation.id, outcome: 'done' },
    ...(result.silent === true ? [] : [report(operation.instanceUuid)]),
    ...answer(origin, { value: result.answer ?? null }),
  ];
}

/**
 * All that belongs to a failure or refusal: the task state is taken back, so that the user is not
 * locked out; a fault and an action say why; the parent is told where the instance really is.
 */
export function badEnd(ending: Ending, failure: Failure, how: BadEnd): readonly Write[] {
  const { operation, origin, host } = ending;
  const uuid = operation.instanceUuid;
  const fault = { code: failure.code, message: failure.message.slice(0, FAULT_MESSAGE_LENGTH), details: failure.details, host };
  return [
    {
      write: 'patch-instance',
      uuid,
      set: how.vmState === undefined ? { task_state: null } : { task_state: null, vm_state: how.vmState },
    },
    ...(how.writes ?? []),
    { write: 'add-fault', uuid, ...fault },
    { write: 'message', uuid, kind: 'fault', payload: { instance_uuid: uuid, ...fault } },
    ...actionEnd(ending, failure.message),
    { write: 'finish-operation', id: operation.id, outcome: how.outcome, reason: failure.message },
    report(uuid),
    ...answer(origin, { failure: { kind: failure.kind, message: failure.message } }),
  ];
}

export interface BadEnd {
  readonly outcome: 'refused' | 'failed';
  readonly vmState?: VmState;
  readonly writes?: readonly Write[];
}

/** A delete overtook it: its end is the delete's business; only the action is closed. */
export function cancelledEnd(ending: Ending): readonly Write[] {
  return [
    ...actionEnd(ending, 'Ended by a later request'),
    { write: 'finish-operation', id: ending.operation.id, outcome: 'cancelled' },
    ...answer(ending.origin, { failure: { kind: 'state', message: 'A later request ended this one.' } }),
  ];
}

/** The instance exists no more, or never did here: the parent drops its row too. */
export function goneEnd(ending: Ending, outcome: 'done' | 'refused'): readonly Write[] {
  const { operation, origin } = ending;
  return [
    ...goneWrites(operation.instanceUuid),
    { write: 'finish-operation', id: operation.id, outcome },
    ...answer(origin, { failure: { kind: 'not-found', message: `Instance ${operation.instanceUuid} could not be found.` } }),
  ];
}

export function report(uuid: string, delayMs = 0, hints?: JsonObject): Write {
  return { write: 'report', uuid, what: 'state', delayMs, ...(hints === undefined ? {} : { hints }) };
}

function actionEnd(
  { operation, origin, verb, host, at }: Ending,
  error: string | null,
  note: string | null = null,
): readonly Write[] {
  if (verb.action === null) return [];
  const uuid = operation.instanceUuid;
  return [
    {
      write: 'add-action-event',
      uuid,
      requestId: origin.requestId,
      event: `compute_${verb.name.replaceAll('-', '_')}`,
      startedAt: operation.createdAt,
      finishedAt: at,
      result: error === null ? 'Success' : 'Error',
      details: error ?? note,
      host,
    },
    // nova writes the bare word (nova/objects/instance_action.py); the API hides faults of servers that are not in ERROR,
    // so this is where a user can read why a verb was refused.
    {
      write: 'finish-action',
      uuid,
      action: verb.action,
      requestId: origin.requestId,
      message: error === null ? null : `Error: ${error}`.slice(0, FAULT_MESSAGE_LENGTH),
    },
  ];
}

function answer(origin: Origin, outcome: { readonly [key: string]: Json }): readonly Write[] {
  if (origin.answer === undefined) return [];
  return [{ write: 'message', uuid: null, kind: 'answer', payload: { to: origin.answer, ...outcome } }];
}

export function goneWrites(uuid: string): readonly Write[] {
  return [{ write: 'report', uuid, what: 'gone', delayMs: 0 }];
}
