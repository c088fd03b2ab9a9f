import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { GatheringSocket } from './gathering-socket.js';
import { PLAN_BY_KEY, PLAN_ONCE } from './plan-by-key.js';
import type { Tables } from './tables.js';
import { ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, KEEP_ALIVE_MS, STATEMENT_TIMEOUT_MS } from './timings.js';
import { postgresUrl } from './url.js';

const TIMESTAMP_WITHOUT_ZONE = 1114;

/** nova's columns hold UTC without a zone; the driver would take them for local time. */
function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === TIMESTAMP_WITHOUT_ZONE) return utcDate;
  return pg.types.getTypeParser(oid, format as 'text');
}

function utcDate(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}Z`);
}

export interface PoolOptions {
  readonly url: string;
  readonly size: number;
  /** Sends statements without waiting for the answer to the one before. */
  readonly pipeline?: boolean;
}

/** Opens no connection yet. Connections that break while idle are dropped silently; the next user gets a new one. */
export function createPool({ url, size, pipeline = false }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    max: size,
    pipeline,
    stream: () => new GatheringSocket(),
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    onConnect: async (client) => {
      client.on('error', () => {});
      await client.query(PLAN_BY_KEY + (pipeline ? PLAN_ONCE : ''));
    },
  });
  pool.on('error', () => {});
  return pool;
}

/** Settings every connection of ours shares. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: postgresUrl(url),
    application_name: 'burstcell',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: { getTypeParser: typeParser as pg.CustomTypesConfig['getTypeParser'] },
  };
}

export type Database = Kysely<Tables>;

/** kysely over a pool; ending it ends the pool. */
export function createDatabase(pool: pg.Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** UTC without a zone, as nova's columns want it. */
export const utcNow = sql<Date>`timezone('utc', now())`;

/** A time for one of nova's columns. As text: the driver would write a Date in the process's own zone. */
export const utc = (date: Date) => sql<Date>`${date.toISOString()}::timestamp`;
