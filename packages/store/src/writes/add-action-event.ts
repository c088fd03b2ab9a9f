import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import type { AddActionEvent } from '../write.js';
import { writeKind } from './write-kind.js';

/**
 * An event that was begun and not finished is finished, as nova's `action_event_finish` does; otherwise a new one is made.
 * Without an action of that request nothing is stored.
 */
const TEXT = `
with t as materialized (
  select r.*, a.id as action_id,
    (select e.id from instance_actions_events e
     where e.action_id = a.id and e.event = r.event and e.finish_time is null order by e.id + 0 desc limit 1) as event_id
  from json_to_recordset($1::json) as r(uuid text, "requestId" text, event text, "startedAt" timestamp, "finishedAt" timestamp,
      result text, details text, host text)
  cross join lateral (select a.id from instance_actions a
    where a.instance_uuid = r.uuid and a.request_id = r."requestId" order by a.id + 0 desc limit 1) a
), touched as (
  update instance_actions a set updated_at = coalesce(t."finishedAt", t."startedAt") from t where ${byKey('a.id', 't.action_id')}
), finished as (
  update instance_actions_events e set finish_time = t."finishedAt", result = t.result::varchar(255), traceback = t.details,
    details = t.details, host = coalesce(t.host::varchar(255), e.host), updated_at = timezone('utc', now())
  from t where ${byKey('e.id', 't.event_id')}
)
insert into instance_actions_events (action_id, event, start_time, finish_time, result, traceback, details, host)
select t.action_id, t.event::varchar(255), t."startedAt", t."finishedAt", t.result::varchar(255), t.details, t.details,
  t.host::varchar(255)
from t where t.event_id is null`;

export const addActionEvent = writeKind<AddActionEvent>({
  kind: 'add-action-event',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => `${write.uuid} ${write.requestId}`,
  check: (write) => {
    checkDate('startedAt', write.startedAt);
    if (write.finishedAt !== null) checkDate('finishedAt', write.finishedAt);
  },
  statements: (writes) => [{ name: 'add-action-event', text: TEXT, values: [toJsonText(writes)] }],
});
