import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `
with t as materialized (
  select r.message, (select a.id from instance_actions a where a.instance_uuid = r.uuid and a.request_id = r."requestId"
      and a.action = r.action and a.finish_time is null order by a.id + 0 desc limit 1) as id
  from json_to_recordset($1::json) as r(uuid text, action text, "requestId" text, message text)
)
update instance_actions a
set finish_time = timezone('utc', now()), message = t.message::varchar(255), updated_at = timezone('utc', now())
from t where ${byKey('a.id', 't.id')}`;

export const finishAction = writeKind<WriteOf<'finish-action'>>({
  kind: 'finish-action',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => `${write.uuid} ${write.requestId} ${write.action}`,
  statements: (writes) => [{ name: 'finish-action', text: TEXT, values: [toJsonText(writes)] }],
});
