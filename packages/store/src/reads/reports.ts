import { sql } from 'kysely';
import { type Database, utc } from '../database.js';
import type { Json, JsonObject } from '../json.js';
import type { Store } from '../store.js';

const TASK_LOG = [
  'id',
  'task_name',
  'state',
  'host',
  'period_beginning',
  'period_ending',
  'message',
  'task_items',
  'errors',
  'created_at',
  'updated_at',
] as const;

const MIGRATION = [
  'id',
  'uuid',
  'source_compute',
  'dest_compute',
  'source_node',
  'dest_node',
  'dest_host',
  'old_instance_type_id',
  'new_instance_type_id',
  'instance_uuid',
  'status',
  'migration_type',
  'hidden',
  'created_at',
  'updated_at',
] as const;

export function reports(db: Database): Store['reports'] {
  return {
    taskLog({ taskName, begin, end, host, state }) {
      let query = db
        .selectFrom('task_log')
        .select(TASK_LOG)
        .where('deleted', '=', 0)
        .where('task_name', '=', taskName)
        .where('period_beginning', '=', utc(begin))
        .where('period_ending', '=', utc(end));
      if (host != null) query = query.where('host', '=', host);
      if (state != null) query = query.where('state', '=', state);
      return query.orderBy('id').execute();
    },

    migrations: (filters) => migrations(db, filters),
  };
}

export function migrationsOf(db: Database): Store['migrations'] {
  return { of: (instanceUuid) => migrations(db, { instance_uuid: instanceUuid }) };
}

/** The filters of nova's `migration_get_all_by_filters` (db/sqlalchemy/api.py, Rocky); a filter that is null is none. */
function migrations(db: Database, filters: JsonObject): ReturnType<Store['reports']['migrations']> {
  let query = db.selectFrom('migrations').select(MIGRATION).where('deleted', '=', 0);
  const { status, host, source_compute, migration_type, hidden, instance_uuid, uuid } = filters;
  if (status != null) query = query.where('status', 'in', texts(status));
  if (uuid != null) query = query.where('uuid', 'in', texts(uuid));
  if (typeof host === 'string') {
    query = query.where((eb) => eb.or([eb('source_compute', '=', host), eb('dest_compute', '=', host)]));
  } else if (typeof source_compute === 'string') query = query.where('source_compute', '=', source_compute);
  if (typeof migration_type === 'string') query = query.where(sql`migration_type::text`, '=', migration_type);
  if (typeof hidden === 'boolean') query = query.where('hidden', '=', hidden);
  if (typeof instance_uuid === 'string') query = query.where('instance_uuid', '=', instance_uuid);
  return query.orderBy('id', 'desc').execute();
}

/** One text or a list of them; an empty list matches nothing. */
function texts(value: Json): string[] {
  const list = (Array.isArray(value) ? value : [value]).map(String);
  return list.length === 0 ? [''] : list;
}
