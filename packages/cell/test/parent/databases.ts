import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { Client, escapeIdentifier } from 'pg';
import { runCommand } from './run-command.js';

/** Databases on the bed's server. Names come from the bed itself. */
export class Databases {
  constructor(readonly serverUrl: URL) {}

  /** The URL of one database, as PostgreSQL's own tools and Node's driver take it. */
  url(name: string): string {
    const url = new URL(this.serverUrl.href);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** The same for SQLAlchemy. */
  sqlalchemyUrl(name: string): string {
    return this.url(name).replace(/^[^:]+:/, 'postgresql+psycopg2:');
  }

  async create(name: string): Promise<void> {
    await this.query('postgres', `CREATE DATABASE ${escapeIdentifier(name)}`);
  }

  /** Repeat-safe; whoever is still connected is thrown out. */
  async drop(name: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  }

  async query<Row extends object = Record<string, unknown>>(
    database: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      const { rows } = await client.query<Row>(sql, values.length === 0 ? undefined : values);
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Runs a dump made by `dump`; false when there is none. */
  async load(database: string, file: string): Promise<boolean> {
    if (!existsSync(file)) return false;
    // Lines that begin with a backslash are psql's own, not SQL (pg_dump writes `\restrict` since 2025).
    const sql = (await readFile(file, 'utf8')).replace(/^\\.*$/gm, '');
    await this.query(database, sql);
    return true;
  }

  /** Keeps schema and rows in a file. False when this machine has no pg_dump fit for the server: the next bed migrates again. */
  async dump(database: string, file: string): Promise<boolean> {
    const half = `${file}.${process.pid}`;
    const args = ['--no-owner', '--no-acl', '--inserts', '--file', half, this.url(database)];
    const answer = await runCommand('pg_dump', args);
    if (answer.status !== 0) return false;
    await rename(half, file);
    return true;
  }
}
