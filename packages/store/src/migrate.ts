import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, type Migration, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { connectionOptions } from './database.js';
import { StoreError } from './errors.js';
import { migrationsFolder } from './migrations-folder.js';
import { storeErrors } from './pg-errors.js';
import { MIGRATION_TIMEOUT_MS } from './timings.js';

const MIGRATION_TABLE = 'schema_migrations';

/** Any number that no other use of the database takes. */
const ADVISORY_LOCK = 0x6275_7273;

export interface MigrateOptions {
  /** One line a migration. */
  readonly log?: (line: string) => void;
}

export interface SchemaStatus {
  /** - `old`: migrations are pending (an empty database among them). - `new`: it has some that this program does not know. */
  readonly state: 'current' | 'old' | 'new';
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Brings the database to this program's schema; answers the migrations it ran. Several may start at once: they wait for
 * one another. Each migration is one transaction, so a crash leaves a whole number of them. Rejects with `schema-new` when
 * the database is ahead of the program, with `unavailable` when it cannot be reached.
 */
export function migrate(url: string, { log = () => {} }: MigrateOptions = {}): Promise<readonly string[]> {
  return storeErrors(() =>
    withClient(url, async (client) => {
      await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
      refuseNewer(await statusOf(client));
      return runPending(client, log);
    }),
  );
}

/** How the database stands to this program. Changes nothing. */
export function schemaStatus(url: string): Promise<SchemaStatus> {
  return storeErrors(() => withClient(url, statusOf));
}

/** Throws unless the database has exactly the schema of this program. */
export function requireCurrent(status: SchemaStatus): void {
  refuseNewer(status);
  if (status.state === 'old') {
    throw new StoreError('schema-old', `the database lacks ${status.pending.join(', ')}: run \`burstcell db migrate\``);
  }
}

/** Names the set of migrations by content, so that a copy of a migrated database can be kept for it. */
export function migrationsDigest(): string {
  const hash = createHash('sha256');
  for (const [name, text] of Object.entries(sqlFiles())) hash.update(`${name}\n${text}\n`);
  return hash.digest('hex').slice(0, 12);
}

function refuseNewer({ unknown }: SchemaStatus): void {
  if (unknown.length === 0) return;
  throw new StoreError('schema-new', `the database is ahead of this program (${unknown.join(', ')}): install the newer program`);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connectionOptions(url), statement_timeout: MIGRATION_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    // Ends the session and with it the advisory lock.
    await client.end().catch(() => {});
  }
}

async function statusOf(client: pg.Client): Promise<SchemaStatus> {
  const known = Object.keys(sqlFiles());
  const applied = await appliedNames(client);
  const pending = known.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !known.includes(name));
  const state = unknown.length > 0 ? 'new' : pending.length > 0 ? 'old' : 'current';
  return { state, applied, pending, unknown };
}

async function appliedNames(client: pg.Client): Promise<readonly string[]> {
  const table = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [MIGRATION_TABLE]);
  if (table.rows[0]?.found !== true) return [];
  const rows = await client.query<{ name: string }>(`select name from ${MIGRATION_TABLE} order by name`);
  return rows.rows.map((row) => row.name);
}

async function runPending(client: pg.Client, log: (line: string) => void): Promise<readonly string[]> {
  const migrator = new Migrator({
    db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOf(client) }) }),
    provider: { getMigrations: async () => migrations() },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results) log(`${migrationName}: ${status === 'Success' ? 'applied' : 'failed'}`);
  if (error !== undefined) throw error;
  return results.map((result) => result.migrationName);
}

/** kysely's view of one connection that stays ours. */
function poolOf(client: pg.Client) {
  return { connect: async () => Object.assign(client, { release: () => {} }), end: async () => {} };
}

function migrations(): Record<string, Migration> {
  const entries = Object.entries(sqlFiles()).map(([name, text]): [string, Migration] => [
    name,
    { up: async (db) => void (await sql.raw(text).execute(db)) },
  ]);
  return Object.fromEntries(entries);
}

/** Name without extension → text, in order of application. */
function sqlFiles(): Record<string, string> {
  const folder = migrationsFolder();
  const names = readdirSync(folder).filter((name) => /^\d{4}_.+\.sql$/.test(name));
  return Object.fromEntries(
    names.sort().map((name) => [name.slice(0, -'.sql'.length), readFileSync(join(folder, name), 'utf8')]),
  );
}
