import pg from 'pg';
import { uniqueName } from './environment.js';

/** A database of one run. */
export interface ScratchDatabase {
  readonly url: string;
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Ends every connection to it and drops it. */
  drop(): Promise<void>;
}

/** Makes an empty database with a name of its own on the server at `serverUrl`. */
export async function scratchDatabase(serverUrl: string, what: string): Promise<ScratchDatabase> {
  const name = uniqueName(`burstcell_${what}`);
  await asServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => {});
  return {
    url: url.href,
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...values])).rows,
    drop: async () => {
      await pool.end();
      await asServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asServer(serverUrl: string, statement: string): Promise<void> {
  const url = new URL(serverUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
