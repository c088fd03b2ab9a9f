/**
 * Every statement of the busy path finds its rows by key, and must go on doing so whatever the planner believes of the
 * tables: plans are made once, often while a table is empty or before anybody gathered statistics, and a plan that walks
 * a whole index for every row is then kept while the table grows. So no other plan is left to choose:
 *
 * - whole tables and hash or merge joins are made dear for our connections ({@link PLAN_BY_KEY});
 * - rows of a list are joined by {@link byKey}, which no merge join could use, so that no ordered walk is considered;
 * - conditions on what is live are written so that they do not match a partial index's predicate, unless that index is
 *   meant ({@link isLive}, {@link isUnfinished}, {@link isKind});
 * - the newest of a few rows is taken by `order by id + 0`, which no walk down the primary key can serve.
 */
export const PLAN_BY_KEY = 'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off;';

/** For statements that are the same each time: no planning at all after the first. */
export const PLAN_ONCE = 'set plan_cache_mode = force_generic_plan;';

/** `column = value`, by an index on the column for each row that the value comes from. */
export const byKey = (column: string, value: string): string => `${column} = any(array[${value}])`;

/** Not soft-deleted, of a row found by key. */
export const isLive = (alias: string): string => `${alias}.deleted < 1`;

/** Of an operation found by key. */
export const isUnfinished = (alias: string): string => `num_nulls(${alias}.finished_at) = 1`;

/** Of an outbox row found by key. */
export const isKind = (alias: string, kind: string): string => `${alias}.kind is not distinct from '${kind}'`;
