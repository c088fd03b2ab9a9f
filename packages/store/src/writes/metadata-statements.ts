import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import type { Statement } from '../sql-statement.js';

type MetadataTable = 'instance_metadata' | 'instance_system_metadata';

interface SetValues {
  readonly uuid: string;
  readonly values: Readonly<Record<string, string | null>>;
  readonly replace: boolean;
}

/**
 * Sets keys as nova does (`instance_metadata_update`): values of keys that are there change in place, missing keys are
 * inserted, and where all are replaced the others are soft-deleted. The instance's row must be locked: keys are not unique.
 */
export function setValues(table: MetadataTable, writes: readonly SetValues[]): Statement {
  const records = writes.map(({ uuid, values, replace }) => ({ uuid, values, replace }));
  return { name: `set-${table}`, text: setText(table), values: [toJsonText(records)] };
}

function setText(table: MetadataTable): string {
  return `
with r as materialized (
  select * from json_to_recordset($1::json) as r(uuid text, "values" json, replace boolean)
  where (select true from instances i where i.uuid = r.uuid and ${isLive('i')})
), kv as materialized (
  select r.uuid, m.key::varchar(255) as key, m.value::varchar(255) as value from r, json_each_text(r."values") m
), others as (
  update ${table} t set deleted = t.id, deleted_at = timezone('utc', now())
  from r where r.replace and ${byKey('t.instance_uuid', 'r.uuid')} and ${isLive('t')}
    and not exists (select 1 from kv where kv.uuid = r.uuid and kv.key = t.key)
), changed as (
  update ${table} t set value = kv.value, updated_at = timezone('utc', now())
  from kv where ${byKey('t.instance_uuid', 'kv.uuid')} and t.key = kv.key and ${isLive('t')} and t.value is distinct from kv.value
)
insert into ${table} (instance_uuid, key, value)
select kv.uuid, kv.key, kv.value from kv
where (select count(*) from ${table} t where t.instance_uuid = kv.uuid and t.key = kv.key and ${isLive('t')}) = 0`;
}
