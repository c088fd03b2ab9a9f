import { toJsonText } from '../json-text.js';
import { instanceKey, migrationKey } from '../unit-keys.js';
import type { RecordMigration } from '../write.js';
import { writeKind } from './write-kind.js';

/** As nova, one that went away with its instance does not change any more. */
const TEXT = `insert into migrations as m (uuid, instance_uuid, migration_type, status, source_compute, source_node,
    dest_compute, dest_node, old_instance_type_id, new_instance_type_id)
  select r.uuid, r."instanceUuid", r.type, r.status::varchar(255), r."sourceHost"::varchar(255), r."sourceHost"::varchar(255),
    r."destHost"::varchar(255), r."destHost"::varchar(255), r."oldFlavorId", r."newFlavorId"
  from json_to_recordset($1::json) as r(uuid text, "instanceUuid" text, type migration_type, status text, "sourceHost" text,
    "destHost" text, "oldFlavorId" integer, "newFlavorId" integer)
  on conflict (uuid) do update set status = excluded.status, updated_at = timezone('utc', now())
  where m.deleted = 0 and m.status is distinct from excluded.status`;

export const recordMigration = writeKind<RecordMigration>({
  kind: 'record-migration',
  keys: (write) => [instanceKey(write.instanceUuid), migrationKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => [{ name: 'record-migration', text: TEXT, values: [toJsonText(writes)] }],
});
