import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** What nova soft-deletes with an instance (db/sqlalchemy/api.py `instance_destroy`, Rocky); actions stay readable. */
const CHILDREN = [
  'instance_extra',
  'instance_info_caches',
  'instance_metadata',
  'instance_system_metadata',
  'instance_faults',
  'block_device_mapping',
  'migrations',
] as const;

const children = CHILDREN.map(
  (table) => `, ${table}_gone as (
  update ${table} t set deleted = t.id, deleted_at = i.deleted_at
  from i where ${byKey('t.instance_uuid', 'i.uuid')} and ${isLive('t')}
)`,
);

const TEXT = `
with i as (
  update instances i set deleted = i.id, deleted_at = r.at, updated_at = timezone('utc', now()),
    vm_state = 'deleted', task_state = null, terminated_at = coalesce(i.terminated_at, r.at)
  from json_to_recordset($1::json) as r(uuid text, at timestamp) where ${byKey('i.uuid', 'r.uuid')} and ${isLive('i')}
  returning i.uuid, i.deleted_at
)${children.join('')}, tokens as (
  delete from console_auth_tokens t using i where ${byKey('t.instance_uuid', 'i.uuid')}
)
select 1 from i limit 1`;

export const deleteInstance = writeKind<WriteOf<'delete-instance'>>({
  kind: 'delete-instance',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => checkDate('at', write.at),
  statements: (writes) => {
    const records = writes.map(({ uuid, at }) => ({ uuid, at }));
    return [{ name: 'delete-instance', text: TEXT, values: [toJsonText(records)] }];
  },
});
