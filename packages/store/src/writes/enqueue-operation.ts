import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import type { Statement } from '../sql-statement.js';
import { instanceKey } from '../unit-keys.js';
import type { EnqueueOperation } from '../write.js';
import { writeKind } from './write-kind.js';

/** First half of the advisory locks below; any number that no other use of the database takes. */
const LOCK_SPACE = 0x6275;

/**
 * Ids must be given out in the order in which an instance's operations become visible: a claim takes the lowest one
 * it sees. So whoever adds one to an instance waits for another transaction (of any replica) that is doing the same.
 */
const LOCK = `select pg_advisory_xact_lock(${LOCK_SPACE}, h.hash)
  from (select distinct hashtext(u) as hash from unnest($1::text[]) u order by 1) h`;

const INSERT = `insert into operations (instance_uuid, verb, cause, parameters, origin, deadline, due_at)
  select r."instanceUuid", r.verb, r.cause, r.parameters, r.origin, r.deadline, coalesce(r."runAt", now())
  from json_to_recordset($1::json) as r("instanceUuid" text, verb text, cause text, parameters json, origin json,
    deadline timestamptz, "runAt" timestamptz)
  on conflict (instance_uuid, cause, verb) do nothing`;

export const enqueueOperation = writeKind<EnqueueOperation>({
  kind: 'enqueue-operation',
  keys: (write) => [instanceKey(write.instanceUuid)],
  check: (write) => {
    checkDate('deadline', write.deadline);
    if (write.runAt !== undefined) checkDate('runAt', write.runAt);
  },
  statements: (writes) => [
    lock(writes),
    { name: 'enqueue-operation', text: INSERT, values: [toJsonText(writes)], wakes: 'operations' },
  ],
});

function lock(writes: readonly EnqueueOperation[]): Statement {
  return { name: 'lock-instances', text: LOCK, values: [writes.map((write) => write.instanceUuid)] };
}
