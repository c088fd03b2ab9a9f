import type pg from 'pg';
import type { Store } from '../store.js';
import { rowOf, rowsOf } from './run-statement.js';

/** What is in the bucket now: what was, plus what ran in since, by the database's clock. */
const level = (tokens: string, refilledAt: string) =>
  `least($2::double precision, ${tokens} + $3::double precision * greatest(0, extract(epoch from now() - ${refilledAt})))`;

const grant = (available: string) => `case when ${available} >= $5::double precision
  then least(floor(${available}), $4::double precision) else 0 end`;

const level0 = level('b.tokens', 'b.refilled_at');
const full = '$2::double precision';

/** One row, one lock, one statement: read, refill and take. A bucket that nobody used is full. */
const TAKE = `insert into buckets as b (name, tokens, granted, refilled_at)
  values ($1, ${full} - ${grant(full)}, ${grant(full)}, now())
  on conflict (name) do update set
    tokens = ${level0} - ${grant(level0)},
    granted = ${grant(level0)},
    refilled_at = greatest(b.refilled_at, now())
  returning tokens, granted`;

const EMPTY = `insert into buckets as b (name, tokens, granted, refilled_at) values ($1, 0, 0, now())
  on conflict (name) do update set tokens = 0, refilled_at = greatest(b.refilled_at, now())`;

const GIVE_BACK = 'update buckets set tokens = least($2::double precision, tokens + $3::double precision) where name = $1';

export function buckets(pool: pg.Pool): Store['buckets'] {
  return {
    async take(name, { capacity, refillPerSecond }, want, least = 1) {
      const values = [name, capacity, refillPerSecond, want, least];
      const row = await rowOf<{ tokens: number; granted: number }>(pool, { name: 'take-tokens', text: TAKE, values });
      const waitMs = row.granted > 0 ? 0 : Math.ceil(((least - row.tokens) / refillPerSecond) * 1000);
      return { granted: row.granted, waitMs };
    },

    async giveBack(name, { capacity }, count) {
      const values = [name, capacity, Math.min(count, capacity)];
      await rowsOf(pool, { name: 'give-tokens-back', text: GIVE_BACK, values });
    },

    async empty(name) {
      await rowsOf(pool, { name: 'empty-bucket', text: EMPTY, values: [name] });
    },
  };
}
