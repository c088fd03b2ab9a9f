import { BLOCK_DEVICE_COLUMNS, fitted, recordTypes } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const columns = Object.entries(BLOCK_DEVICE_COLUMNS);
const names = columns.map(([name]) => name).join(', ');
const values = columns.map(([name, sort]) => fitted('r', name, sort)).join(', ');
const sets = columns.map(([name, sort]) => `${name} = ${fitted('r', name, sort)}`).join(', ');

/**
 * A device that was told before its volume was known, and a volume that replaces another, are found by the device's name.
 * The instance's row must be locked: neither volume nor name is unique.
 */
const TEXT = `
with r as materialized (
  select r.*, (select b.id from block_device_mapping b
    where b.instance_uuid = r.instance_uuid and ${isLive('b')} and (b.volume_id = r.volume_id or b.device_name = r.device_name)
    order by (b.volume_id = r.volume_id) is true desc, b.id limit 1) as found
  from json_to_recordset($1::json) as r(instance_uuid text, ${recordTypes(BLOCK_DEVICE_COLUMNS)})
  where (select true from instances i where i.uuid = r.instance_uuid and ${isLive('i')})
), changed as (
  update block_device_mapping b set ${sets}, updated_at = timezone('utc', now())
  from r where ${byKey('b.id', 'r.found')}
)
insert into block_device_mapping (instance_uuid, uuid, ${names})
select r.instance_uuid, gen_random_uuid(), ${values} from r where r.found is null`;

export const setBlockDevice = writeKind<WriteOf<'set-block-device'>>({
  kind: 'set-block-device',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  locksInstance: (write) => write.uuid,
  statements: (writes) => {
    const records = writes.map(({ uuid, device }) => ({ ...device, instance_uuid: uuid }));
    return [{ name: 'set-block-device', text: TEXT, values: [toJsonText(records)] }];
  },
});
