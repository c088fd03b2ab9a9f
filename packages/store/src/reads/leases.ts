import type pg from 'pg';
import type { Store } from '../store.js';
import { rowsOf } from './run-statement.js';

/** The row outlives its release, so that the fence never goes back. */
const HOLD = `insert into leases as l (name, holder, fence, expires_at)
  values ($1, $2, nextval('fences'), now() + $3::double precision * interval '1 ms')
  on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
    fence = case when l.holder = excluded.holder then l.fence else excluded.fence end
  where l.holder = excluded.holder or l.expires_at <= now()
  returning fence`;

const RELEASE = `update leases set holder = '', expires_at = '-infinity' where name = $1 and holder = $2`;

export function leases(pool: pg.Pool): Store['leases'] {
  return {
    async hold(name, holder, ttlMs) {
      const values = [name, holder, ttlMs];
      const [row] = await rowsOf<{ fence: string }>(pool, { name: 'hold-lease', text: HOLD, values });
      return row?.fence ?? null;
    },

    async release(name, holder) {
      await rowsOf(pool, { name: 'release-lease', text: RELEASE, values: [name, holder] });
    },
  };
}
