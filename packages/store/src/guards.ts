import { toJsonText } from './json-text.js';
import { isLive, isUnfinished } from './plan-by-key.js';
import type { Statement } from './sql-statement.js';
import type { CommitResult, Guard, Unit } from './unit.js';
import { instanceKey, messageKey, operationKey } from './unit-keys.js';
import { kindOf } from './writes/registry.js';

type NewMessage = Extract<Guard, { guard: 'new-message' }>;
type OperationHeld = Extract<Guard, { guard: 'operation-held' }>;
type InstanceIn = Extract<Guard, { guard: 'instance-in' }>;

const INSERT_MESSAGES = `insert into inbox (uuid, method)
  select r.uuid, r.method from json_to_recordset($1::json) as r(uuid text, method text) order by r.uuid
  on conflict (uuid) do nothing returning uuid`;

const LOCK_OPERATIONS = `select o.id, o.fence from operations o
  where o.id = any($1::bigint[]) and ${isUnfinished('o')} order by o.id for update`;

const LOCK_INSTANCES = `select i.uuid::text as uuid, i.vm_state, i.task_state from instances i
  where i.uuid = any($1::text[]) and ${isLive('i')} order by i.uuid for update`;

const FORGET_MESSAGES = 'delete from inbox where uuid = any($1::text[])';

/** What the guard's condition is about, for `unit-keys.ts`. */
export function guardKey(guard: Guard): string {
  switch (guard.guard) {
    case 'new-message':
      return messageKey(guard.uuid);
    case 'operation-held':
      return operationKey(guard.id);
    case 'instance-in':
      return instanceKey(guard.uuid);
  }
}

interface InstanceState {
  readonly vm_state: string | null;
  readonly task_state: string | null;
}

/**
 * The guards of all units of a batch: three statements that lock rows in sorted order, and the judgement over their answers.
 * The instance rows that writes want locked are locked with them.
 */
export class Guards {
  readonly #guards: readonly Guard[];
  readonly #locked: ReadonlySet<string>;
  readonly #newMessages = new Set<string>();
  readonly #fences = new Map<string, string | null>();
  readonly #instances = new Map<string, InstanceState>();

  constructor(units: readonly Unit[]) {
    this.#guards = units.flatMap((unit) => unit.guards ?? []);
    this.#locked = new Set([...this.#all<InstanceIn>('instance-in').map((guard) => guard.uuid), ...lockedByWrites(units)]);
  }

  /** In the order in which they must run; none when there is nothing to check. */
  statements(): readonly Statement[] {
    const messages = this.#all<NewMessage>('new-message').map(({ uuid, method }) => ({ uuid, method }));
    const operations = this.#all<OperationHeld>('operation-held').map((guard) => guard.id);
    return [
      messages.length > 0 && { name: 'guard-messages', text: INSERT_MESSAGES, values: [toJsonText(messages)] },
      operations.length > 0 && { name: 'guard-operations', text: LOCK_OPERATIONS, values: [operations] },
      this.#locked.size > 0 && { name: 'guard-instances', text: LOCK_INSTANCES, values: [[...this.#locked]] },
    ].filter((statement) => statement !== false);
  }

  /** Takes the rows that a statement of {@link statements} answered. */
  learn(name: string, rows: readonly Record<string, unknown>[]): void {
    for (const row of rows) {
      if (name === 'guard-messages') this.#newMessages.add(String(row.uuid));
      if (name === 'guard-operations') this.#fences.set(String(row.id), row.fence as string | null);
      if (name === 'guard-instances') this.#instances.set(String(row.uuid), row as unknown as InstanceState);
    }
  }

  /** What becomes of the unit, after all answers are in. */
  judge(unit: Unit): CommitResult {
    for (const guard of unit.guards ?? []) {
      if (guard.guard === 'new-message' && !this.#newMessages.has(guard.uuid)) return 'duplicate';
      if (guard.guard === 'operation-held' && this.#fences.get(guard.id) !== guard.fence) return 'fenced';
      if (guard.guard === 'instance-in' && !this.#isIn(guard)) return 'conflict';
    }
    return 'done';
  }

  /** Takes the inbox rows back of units that another guard stopped: nothing of them may stay. */
  forget(refused: readonly Unit[]): readonly Statement[] {
    const uuids = refused
      .flatMap((unit) => unit.guards ?? [])
      .filter((guard) => guard.guard === 'new-message')
      .map((guard) => guard.uuid)
      .filter((uuid) => this.#newMessages.has(uuid));
    return uuids.length === 0 ? [] : [{ name: 'forget-messages', text: FORGET_MESSAGES, values: [uuids] }];
  }

  #isIn({ uuid, vmStates, taskStates }: InstanceIn): boolean {
    const state = this.#instances.get(uuid);
    if (state === undefined) return false;
    if (vmStates !== undefined && (state.vm_state === null || !vmStates.includes(state.vm_state))) return false;
    return taskStates === undefined || taskStates.includes(state.task_state);
  }

  #all<G extends Guard>(name: G['guard']): readonly G[] {
    return this.#guards.filter((guard) => guard.guard === name) as G[];
  }
}

function lockedByWrites(units: readonly Unit[]): string[] {
  return units.flatMap((unit) =>
    unit.writes.flatMap((write) => {
      const uuid = kindOf(write).locksInstance?.(write);
      return uuid === undefined ? [] : [uuid];
    }),
  );
}
