import { toJsonText } from '../json-text.js';
import { byKey, isUnfinished } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update operations o set cancelled = true, woken = true, due_at = least(o.due_at, now())
  from json_to_recordset($1::json) as r(uuid text, "exceptVerbs" json)
  where ${byKey('o.instance_uuid', 'r.uuid')} and ${isUnfinished('o')}
    and not exists (select 1 from json_array_elements_text(r."exceptVerbs") v where v = o.verb)`;

export const cancelOperations = writeKind<WriteOf<'cancel-operations'>>({
  kind: 'cancel-operations',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => [{ name: 'cancel-operations', text: TEXT, values: [toJsonText(writes)], wakes: 'operations' }],
});
