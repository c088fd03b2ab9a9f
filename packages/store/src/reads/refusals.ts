import type pg from 'pg';
import type { Store } from '../store.js';
import { rowsOf } from './run-statement.js';

const MARK = `insert into refusals as r (key, until) values ($1, $2)
  on conflict (key) do update set until = greatest(r.until, excluded.until)`;

const CURRENT = 'select key, until from refusals where starts_with(key, $1) and until > now()';

export function refusals(pool: pg.Pool): Store['refusals'] {
  return {
    async mark(key, until) {
      await rowsOf(pool, { name: 'mark-refusal', text: MARK, values: [key, until] });
    },

    async current(prefix) {
      const statement = { name: 'current-refusals', text: CURRENT, values: [prefix] };
      const rows = await rowsOf<{ key: string; until: Date }>(pool, statement);
      return new Map(rows.map(({ key, until }) => [key, until]));
    },
  };
}
