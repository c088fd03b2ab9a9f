import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { migrationKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update migrations m set status = r.status::varchar(255), updated_at = timezone('utc', now())
  from json_to_recordset($1::json) as r(uuid text, status text) where ${byKey('m.uuid', 'r.uuid')} and ${isLive('m')}`;

export const setMigrationStatus = writeKind<WriteOf<'set-migration-status'>>({
  kind: 'set-migration-status',
  keys: (write) => [migrationKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => [{ name: 'set-migration-status', text: TEXT, values: [toJsonText(writes)] }],
});
