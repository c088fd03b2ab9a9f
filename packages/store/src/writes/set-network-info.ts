import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update instance_info_caches c
  set network_info = r.network_info::text, updated_at = timezone('utc', now())
  from json_to_recordset($1::json) as r(uuid text, network_info json) where ${byKey('c.instance_uuid', 'r.uuid')} and ${isLive('c')}`;

export const setNetworkInfo = writeKind<WriteOf<'set-network-info'>>({
  kind: 'set-network-info',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => {
    const records = writes.map((write) => ({ uuid: write.uuid, network_info: write.networkInfo }));
    return [{ name: 'set-network-info', text: TEXT, values: [toJsonText(records)] }];
  },
});
