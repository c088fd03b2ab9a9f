import { StoreError } from '../errors.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { Report } from '../write.js';
import { writeKind } from './write-kind.js';

/**
 * An unsent report keeps the earlier due time and is merged; one that was said begins anew, after the gap.
 * `gone` is never followed by `state`.
 */
const TEXT = `insert into outbox as o (uuid, kind, payload, due_at)
  select r.uuid, r.what, coalesce(r.hints, '{}'), now() + r."delayMs" * interval '1 ms'
  from json_to_recordset($1::json) as r(uuid text, what text, "delayMs" double precision, hints jsonb)
  on conflict (uuid) where kind in ('state', 'gone') do update set
    kind = excluded.kind,
    payload = case when o.said = 0 then o.payload || excluded.payload else excluded.payload end,
    version = o.version + 1,
    said = 0,
    created_at = case when o.said = 0 then o.created_at else now() end,
    due_at = least(case when o.said = 0 then o.due_at end,
      greatest(excluded.due_at, o.last_sent_at + $2::double precision * interval '1 ms'))
  where not (o.kind = 'gone' and excluded.kind = 'state')`;

export const report = writeKind<Report>({
  kind: 'report',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => {
    if (!Number.isFinite(write.delayMs) || write.delayMs < 0) throw new StoreError('bad-value', 'delayMs must be 0 or more');
  },
  statements: (writes, { reportGapMs }) => [
    { name: 'report', text: TEXT, values: [toJsonText(writes), reportGapMs], wakes: 'outbox' },
  ],
});
