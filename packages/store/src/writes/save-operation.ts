import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey, isUnfinished } from '../plan-by-key.js';
import { operationKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** Letting go takes the fence away; one that was woken or cancelled while it was held is due at once. */
const TEXT = `update operations o set
    step = coalesce(r.step, o.step),
    memo = case when r.memo is null then o.memo else (o.memo::jsonb || r.memo::jsonb)::json end,
    attempt = coalesce(r.attempt, o.attempt),
    deadline = coalesce(r.deadline, o.deadline),
    due_at = case when r."runAt" is null then o.due_at when o.woken then now() else r."runAt" end,
    lease_until = case when r."runAt" is null then o.lease_until end,
    holder = case when r."runAt" is null then o.holder end,
    fence = case when r."runAt" is null then o.fence end,
    woken = o.woken and r."runAt" is null
  from json_to_recordset($1::json) as r(id bigint, step text, memo json, attempt integer, "runAt" timestamptz, deadline timestamptz)
  where ${byKey('o.id', 'r.id')} and ${isUnfinished('o')}`;

export const saveOperation = writeKind<WriteOf<'save-operation'>>({
  kind: 'save-operation',
  keys: (write) => [operationKey(write.id)],
  mark: (write) => write.id,
  check: (write) => {
    if (write.runAt !== undefined) checkDate('runAt', write.runAt);
    if (write.deadline !== undefined) checkDate('deadline', write.deadline);
  },
  statements: (writes) => {
    const statement = { name: 'save-operation', text: TEXT, values: [toJsonText(writes)] };
    const isLetGo = writes.some((write) => write.runAt !== undefined);
    // Our own workers ask again when it is due; a replica that lasts longer than we do has its poll.
    return [isLetGo ? { ...statement, wakes: 'operations', notifies: true } : statement];
  },
});
