import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update instance_metadata t set deleted = t.id, deleted_at = timezone('utc', now())
  from json_to_recordset($1::json) as r(uuid text, keys json), json_array_elements_text(r.keys) k(key)
  where ${byKey('t.instance_uuid', 'r.uuid')} and t.key = k.key and ${isLive('t')}`;

export const deleteMetadata = writeKind<WriteOf<'delete-metadata'>>({
  kind: 'delete-metadata',
  keys: (write) => [instanceKey(write.uuid)],
  statements: (writes) => {
    const records = writes.map(({ uuid, keys }) => ({ uuid, keys }));
    return [{ name: 'delete-metadata', text: TEXT, values: [toJsonText(records)] }];
  },
});
