import type pg from 'pg';
import {
  KEEP_DELETED_INSTANCE_WORK_MS,
  KEEP_ENDED_REFUSALS_MS,
  KEEP_EXPIRED_CONSOLE_TOKENS_MS,
  KEEP_FINISHED_OPERATIONS_MS,
  KEEP_GONE_MS,
  KEEP_REJECTED_MESSAGES_MS,
  KEEP_SEEN_MESSAGES_MS,
  PURGE_ROWS,
} from './timings.js';

/** `$1`: everything before this time; each removes a bounded number of rows and is run until it finds none. */
const PURGES: readonly { readonly keepMs: number; readonly text: string }[] = [
  { keepMs: KEEP_SEEN_MESSAGES_MS, text: bounded('inbox', 'uuid', 'received_at < $1') },
  { keepMs: KEEP_FINISHED_OPERATIONS_MS, text: bounded('operations', 'id', 'finished_at < $1') },
  { keepMs: KEEP_REJECTED_MESSAGES_MS, text: bounded('rejected_messages', 'id', 'at < $1') },
  { keepMs: KEEP_ENDED_REFUSALS_MS, text: bounded('refusals', 'key', 'until < $1') },
  {
    keepMs: KEEP_EXPIRED_CONSOLE_TOKENS_MS,
    text: bounded('console_auth_tokens', 'id', 't.expires < extract(epoch from $1::timestamptz)'),
  },
  { keepMs: KEEP_GONE_MS, text: bounded('outbox', 'id', "due_at = 'infinity' and last_sent_at < $1") },
  { keepMs: KEEP_DELETED_INSTANCE_WORK_MS, text: bounded('launch_members', 'ctid', ofDeleted('t.instance_uuid')) },
  { keepMs: KEEP_DELETED_INSTANCE_WORK_MS, text: bounded('provider_instances', 'uuid', ofDeleted('t.uuid')) },
  {
    keepMs: KEEP_DELETED_INSTANCE_WORK_MS,
    text: bounded(
      'launches',
      'token',
      't.created_at < $1 and not exists (select 1 from unnest(t.members) m join launch_members k on k.instance_uuid = m and k.token = t.token)',
    ),
  },
];

/** Removes what is past keeping at `now`; answers how many rows. Safe to repeat and to run in several replicas. */
export async function purge(pool: pg.Pool, now: Date): Promise<number> {
  let removed = 0;
  for (const { keepMs, text } of PURGES) {
    const before = new Date(now.getTime() - keepMs).toISOString();
    let count: number;
    do {
      const result = await pool.query(text, [before]);
      count = result.rowCount ?? 0;
      removed += count;
    } while (count === PURGE_ROWS);
  }
  return removed;
}

function bounded(table: string, key: string, condition: string): string {
  return `delete from ${table} where ${key} = any(array(select t.${key} from ${table} t where ${condition} limit ${PURGE_ROWS}))`;
}

/** The instance is deleted long since and nothing is left to do for it. */
function ofDeleted(uuid: string): string {
  return `exists (select 1 from instances i where i.uuid = ${uuid} and i.deleted <> 0
      and i.deleted_at < timezone('utc', $1::timestamptz))
    and not exists (select 1 from operations o where o.instance_uuid = ${uuid} and o.outcome is null)`;
}
