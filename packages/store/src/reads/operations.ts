import type pg from 'pg';
import { toJsonText } from '../json-text.js';
import { byKey, isUnfinished } from '../plan-by-key.js';
import type { OperationRow } from '../rows.js';
import type { Store } from '../store.js';
import { NEXT_DUE_SCAN } from '../timings.js';
import { rowOf, rowsOf } from './run-statement.js';

const ROW = `o.id, o.instance_uuid as "instanceUuid", o.verb, o.parameters, o.cause, o.origin, o.step, o.memo, o.attempt,
  o.deadline, o.created_at as "createdAt", o.cancelled, coalesce(o.fence, 0)::text as fence`;

/** No earlier one of the instance is unfinished. Ids are given out in order, see `writes/enqueue-operation.ts`. */
const IS_OLDEST = `(select min(e.id + 0) from operations e where e.instance_uuid = o.instance_uuid and e.outcome is null) = o.id`;

const CLAIM = `
with due as materialized (
  select o.id from operations o
  where o.finished_at is null and o.due_at <= now() and (o.lease_until is null or o.lease_until <= now()) and ${IS_OLDEST}
  order by o.due_at, o.id limit $3 for update of o skip locked
)
update operations o set holder = $1, lease_until = now() + $2::double precision * interval '1 ms', fence = nextval('fences'),
  woken = false
from due where ${byKey('o.id', 'due.id')} returning ${ROW}`;

const RENEW = `update operations o set lease_until = now() + $2::double precision * interval '1 ms'
  from json_to_recordset($1::json) as r(id bigint, fence bigint)
  where ${byKey('o.id', 'r.id')} and o.fence = r.fence and ${isUnfinished('o')} returning o.id`;

const PENDING = `select ${ROW} from operations o where o.instance_uuid = $1 and o.outcome is null order by o.id`;

const AT = `select ${ROW} from operations o where o.finished_at is null and o.step = $1 order by o.id`;

/** Looks past what is leased at present: those stand first in the order of due times. */
const NEXT_DUE = `
select ceil(extract(epoch from min(at) - now()) * 1000)::double precision as ms from (
  select greatest(o.due_at, o.lease_until) as at from operations o
  where o.finished_at is null and ${IS_OLDEST} order by o.due_at, o.id limit ${NEXT_DUE_SCAN}
) next`;

const COUNTS = `select count(*) filter (where lease_until is null or lease_until <= now())::int as queued,
  count(*) filter (where deadline < now())::int as overdue from operations where finished_at is null`;

export function operations(pool: pg.Pool): Store['operations'] {
  return {
    async claim({ holder, leaseMs, limit }) {
      const values = [holder, leaseMs, limit];
      const rows = await rowsOf<OperationRow>(pool, { name: 'claim-operations', text: CLAIM, values });
      return [...rows].sort((a, b) => Number(a.id) - Number(b.id));
    },

    async renew(held, leaseMs) {
      const records = held.map(({ id, fence }) => ({ id, fence })).sort((a, b) => Number(a.id) - Number(b.id));
      const values = [toJsonText(records), leaseMs];
      const rows = await rowsOf<{ id: string }>(pool, { name: 'renew-operations', text: RENEW, values });
      return new Set(rows.map((row) => row.id));
    },

    pending: (uuid) => rowsOf<OperationRow>(pool, { name: 'pending-operations', text: PENDING, values: [uuid] }),

    at: (step) => rowsOf<OperationRow>(pool, { name: 'operations-at', text: AT, values: [step] }),

    nextDueMs: () => nextDueMs(pool, 'next-operation', NEXT_DUE),

    counts: () => rowOf(pool, { name: 'count-operations', text: COUNTS, values: [] }),
  };
}

/** Runs a statement that answers `ms`: null when nothing waits, never below 0. */
export async function nextDueMs(pool: pg.Pool, name: string, text: string): Promise<number | null> {
  const { ms } = await rowOf<{ ms: number | null }>(pool, { name, text, values: [] });
  return ms === null ? null : Math.max(0, ms);
}
