import type { Database } from '../database.js';
import type { Store } from '../store.js';

const ACTION = [
  'id',
  'action',
  'instance_uuid',
  'request_id',
  'user_id',
  'project_id',
  'start_time',
  'finish_time',
  'message',
  'created_at',
  'updated_at',
] as const;

const EVENT = [
  'id',
  'event',
  'action_id',
  'start_time',
  'finish_time',
  'result',
  'traceback',
  'host',
  'details',
  'created_at',
  'updated_at',
] as const;

/** Newest first, as nova lists them (db/sqlalchemy/api.py `actions_get`, `action_events_get`). */
export function actions(db: Database): Store['actions'] {
  const ofInstance = (uuid: string) =>
    db.selectFrom('instance_actions').select(ACTION).where('instance_uuid', '=', uuid).orderBy('id', 'desc');

  return {
    of: (uuid) => ofInstance(uuid).execute(),

    async byRequest(uuid, requestId) {
      const row = await ofInstance(uuid).where('request_id', '=', requestId).limit(1).executeTakeFirst();
      return row ?? null;
    },

    events: (actionId) =>
      db.selectFrom('instance_actions_events').select(EVENT).where('action_id', '=', actionId).orderBy('id', 'desc').execute(),
  };
}
