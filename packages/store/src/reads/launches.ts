import type pg from 'pg';
import { byKey } from '../plan-by-key.js';
import type { LaunchRow } from '../rows.js';
import type { Store } from '../store.js';
import { rowsOf } from './run-statement.js';

const OF = `select l.token, l.members, l.attempt, l.offering, l.parameters, l.outcome, l.created_at as "createdAt"
  from launch_members m join launches l on ${byKey('l.token', 'm.token')} where m.instance_uuid = $1 order by l.created_at, l.attempt`;

export function launches(pool: pg.Pool): Store['launches'] {
  return { of: (uuid) => rowsOf<LaunchRow>(pool, { name: 'launches-of', text: OF, values: [uuid] }) };
}
