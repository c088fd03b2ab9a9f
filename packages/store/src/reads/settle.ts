import type pg from 'pg';
import type { Store } from '../store.js';
import { rowOf } from './run-statement.js';

/** The update that changes nothing makes the statement answer the row, whoever wrote it. */
const SETTLE = `insert into settled_values as s (key, value) values ($1, $2)
  on conflict (key) do update set value = s.value returning value, created_at as "createdAt"`;

export function settle(pool: pg.Pool): Store['settle'] {
  return (key, candidate) => rowOf(pool, { name: 'settle-value', text: SETTLE, values: [key, candidate] });
}
