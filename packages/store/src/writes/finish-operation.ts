import { toJsonText } from '../json-text.js';
import { byKey, isUnfinished } from '../plan-by-key.js';
import { operationKey } from '../unit-keys.js';
import { WORK_CHANNEL, workPayload } from '../work-channel.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** Wakes workers only where another operation of the instance has been waiting for this one to end. */
const TEXT = `
with f as (
  update operations o set finished_at = now(), outcome = r.outcome, reason = r.reason,
    lease_until = null, holder = null, fence = null
  from json_to_recordset($1::json) as r(id bigint, outcome text, reason text)
  where ${byKey('o.id', 'r.id')} and ${isUnfinished('o')}
  returning o.id, o.instance_uuid
)
select pg_notify('${WORK_CHANNEL}', $2) from (
  select 1 from f
  where (select count(*) from operations o where o.instance_uuid = f.instance_uuid and o.outcome is null and o.id > f.id) > 0
  limit 1
) followed`;

export const finishOperation = writeKind<WriteOf<'finish-operation'>>({
  kind: 'finish-operation',
  keys: (write) => [operationKey(write.id)],
  mark: (write) => write.id,
  statements: (writes, { origin }) => [
    {
      name: 'finish-operation',
      text: TEXT,
      values: [toJsonText(writes), workPayload('operations', origin)],
      wakes: 'operations',
      notifies: true,
    },
  ],
});
