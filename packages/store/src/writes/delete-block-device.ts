import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** Compared in the way that no index of volumes serves: it would be walked from end to end. */
const TEXT = `update block_device_mapping b set deleted = b.id, deleted_at = timezone('utc', now())
  from json_to_recordset($1::json) as r(uuid text, "volumeId" text)
  where ${byKey('b.instance_uuid', 'r.uuid')} and b.volume_id is not distinct from r."volumeId" and ${isLive('b')}`;

export const deleteBlockDevice = writeKind<WriteOf<'delete-block-device'>>({
  kind: 'delete-block-device',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => `${write.uuid} ${write.volumeId}`,
  statements: (writes) => [{ name: 'delete-block-device', text: TEXT, values: [toJsonText(writes)] }],
});
