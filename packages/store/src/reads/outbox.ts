import type pg from 'pg';
import { toJsonText } from '../json-text.js';
import { byKey, isKind } from '../plan-by-key.js';
import type { OutboxEntry } from '../rows.js';
import type { WorkSort } from '../sql-statement.js';
import type { Store } from '../store.js';
import { NEXT_DUE_SCAN } from '../timings.js';
import { nextDueMs } from './operations.js';
import { rowOf, rowsOf } from './run-statement.js';

const REPORTS = "('state', 'gone')";

const IS_UNLEASED = '(o.lease_until is null or o.lease_until <= now())';

/** Of an instance's messages the earlier one goes first. */
const IS_FIRST = `(o.kind in ${REPORTS} or o.uuid is null or
  (select min(e.id + 0) from outbox e where e.kind not in ${REPORTS} and e.uuid = o.uuid) = o.id)`;

const CLAIM = `
with fresh as materialized (
  select o.id from outbox o where o.said = 0 and o.due_at <= now() and ${IS_UNLEASED} and ${IS_FIRST}
  order by o.due_at, o.id limit $3 for update of o skip locked
), repeats as materialized (
  select o.id from outbox o where o.said > 0 and o.due_at < 'infinity' and o.due_at <= now() and ${IS_UNLEASED}
  order by o.due_at, o.id limit $3 - (select count(*) from fresh) for update of o skip locked
), due as (select id from fresh union all select id from repeats)
update outbox o set holder = $1, lease_until = now() + $2::double precision * interval '1 ms'
from due where ${byKey('o.id', 'due.id')}
returning o.id, o.uuid, o.kind, o.payload, o.version, o.said, o.created_at as "createdAt", o.due_at as "dueAt"`;

const DELETE_MESSAGES = 'delete from outbox where id = any($1::bigint[])';

const IS_SAID_TWICE = `o.version = r.version and o.said = r.said and r.said > 0 and ${isKind('o', 'state')}`;

/**
 * As said: the first time, wait for the settle time; the second time it is done with. One that changed while it was
 * on its way stays due, a gap after what was just said.
 */
const SETTLE_REPORTS = `
with r as materialized (
  select * from json_to_recordset($1::json) as r(id bigint, version integer, said integer)
), done as (
  delete from outbox o using r
  where ${byKey('o.id', 'r.id')} and ${IS_SAID_TWICE}
)
update outbox o set
  last_sent_at = now(), lease_until = null, holder = null,
  said = case when o.version = r.version and o.said = r.said then o.said + 1 else o.said end,
  due_at = case
    when o.version <> r.version or o.said <> r.said then greatest(o.due_at, now() + $2::double precision * interval '1 ms')
    when o.said = 0 then now() + $3::double precision * interval '1 ms'
    else 'infinity' end
from r where ${byKey('o.id', 'r.id')} and not (${IS_SAID_TWICE})`;

const PUT_BACK = `update outbox o set lease_until = null, holder = null, due_at = now() + $2::double precision * interval '1 ms'
  from json_to_recordset($1::json) as r(id bigint) where ${byKey('o.id', 'r.id')} and isfinite(o.due_at)`;

const NEXT_DUE = `
select ceil(extract(epoch from min(at) - now()) * 1000)::double precision as ms from (
  (select greatest(o.due_at, o.lease_until) as at from outbox o
   where o.said = 0 and ${IS_FIRST} order by o.due_at, o.id limit ${NEXT_DUE_SCAN})
  union all
  (select greatest(o.due_at, o.lease_until) from outbox o
   where o.said > 0 and o.due_at < 'infinity' order by o.due_at, o.id limit ${NEXT_DUE_SCAN})
) next`;

const COUNTS = `select (select count(*)::int from outbox where said = 0) as waiting,
  (select count(*)::int from outbox where said > 0 and due_at < 'infinity') as settling`;

interface OutboxOptions {
  readonly reportGapMs: number;
  readonly settleMs: number;
  /** The next message of an instance may be claimed now. */
  readonly onWork: (sort: WorkSort) => void;
}

export function outbox(pool: pg.Pool, { reportGapMs, settleMs, onWork }: OutboxOptions): Store['outbox'] {
  return {
    async claim({ holder, leaseMs, limit }) {
      const values = [holder, leaseMs, limit];
      const rows = await rowsOf<Claimed>(pool, { name: 'claim-outbox', text: CLAIM, values });
      return [...rows].sort(byTurn).map(({ dueAt: _, ...entry }) => entry);
    },

    async sent(entries) {
      const reports = inLockOrder(entries.filter(isReport)).map(({ id, version, said }) => ({ id, version, said }));
      const messages = entries.filter((entry) => !isReport(entry));
      const settle = { name: 'settle-reports', text: SETTLE_REPORTS, values: [toJsonText(reports), reportGapMs, settleMs] };
      const remove = { name: 'delete-messages', text: DELETE_MESSAGES, values: [messages.map((entry) => entry.id)] };
      await Promise.all([
        reports.length > 0 ? rowsOf(pool, settle) : undefined,
        messages.length > 0 ? rowsOf(pool, remove) : undefined,
      ]);
      if (messages.some((entry) => entry.uuid !== null)) onWork('outbox');
    },

    async putBack(entries, delayMs) {
      const values = [toJsonText(inLockOrder(entries).map(({ id }) => ({ id }))), delayMs];
      if (entries.length > 0) await rowsOf(pool, { name: 'put-back', text: PUT_BACK, values });
    },

    nextDueMs: () => nextDueMs(pool, 'next-outbox', NEXT_DUE),

    counts: () => rowOf(pool, { name: 'count-outbox', text: COUNTS, values: [] }),
  };
}

interface Claimed extends OutboxEntry {
  readonly dueAt: Date;
}

/** What is new before what is repeated, then by due time, then by age. */
function byTurn(a: Claimed, b: Claimed): number {
  return Math.min(a.said, 1) - Math.min(b.said, 1) || a.dueAt.getTime() - b.dueAt.getTime() || Number(a.id) - Number(b.id);
}

/** The order in which the committer locks reports too. */
function inLockOrder(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const key = (entry: OutboxEntry) => entry.uuid ?? '';
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function isReport(entry: OutboxEntry): boolean {
  return entry.kind === 'state' || entry.kind === 'gone';
}
