import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate, migrationsDigest } from './migrate.js';
import { testServerUrl } from './testing/config.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends what is connected to it and removes it. Repeat-safe. */
  drop(): Promise<void>;
}

/** Names our databases on a server that may hold others' too. */
const PREFIX = 'burstcell_test';

/** Any number that no other use of the server takes: one at a time makes the template. */
const TEMPLATE_LOCK = 0x6275_7474;

/**
 * A migrated database of its own, cloned from a template that is made once for each set of migrations. Safe to call from
 * many processes at once. With `migrated: false` it is empty.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const name = `${PREFIX}_${randomBytes(6).toString('hex')}`;
  await withServer(async (client) => {
    const template = migrated ? await ensureTemplate(client) : 'template0';
    await client.query(`create database ${name} template ${template}`);
  });
  return { url: databaseUrl(name), drop: () => dropDatabase(name) };
}

/** Removes the templates of all sets of migrations; tests that run meanwhile make theirs anew. */
export async function dropTestTemplates(): Promise<void> {
  await withServer(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [
      `${PREFIX}_template_`,
    ]);
    for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  });
}

/** Migrated under another name first: a template that carries its name is whole. */
async function ensureTemplate(client: pg.Client): Promise<string> {
  const name = `${PREFIX}_template_${migrationsDigest()}`;
  const unfinished = `${name}_unfinished`;
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const found = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (found.rowCount === 0) {
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} template template0`);
    await migrate(databaseUrl(unfinished));
    await client.query(`alter database ${unfinished} rename to ${name}`);
  }
  return name;
}

function dropDatabase(name: string): Promise<void> {
  return withServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`)));
}

async function withServer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(name: string): string {
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return url.href;
}
