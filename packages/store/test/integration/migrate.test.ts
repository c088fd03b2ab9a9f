import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, openStore, schemaStatus } from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const opened: TestDatabase[] = [];

async function aDatabase(options?: { readonly migrated: boolean }): Promise<string> {
  const database = await createTestDatabase(options);
  opened.push(database);
  return database.url;
}

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const open = (url: string) => openStore({ url, reportGapMs: 0, settleMs: 0 });

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.drop()));
});

describe('an empty database', () => {
  it('is brought up by one of several that start at once; the others find it done', async () => {
    const url = await aDatabase({ migrated: false });
    const lines: string[] = [];

    const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(url, { log: (line) => lines.push(line) })));

    const { state, applied } = await schemaStatus(url);
    expect(state).toBe('current');
    expect(ran.filter((names) => names.length > 0)).toEqual([applied]);
    expect(lines).toEqual(applied.map((name) => `${name}: applied`));
  });

  it('is told to be old, and a store is not opened on it', async () => {
    const url = await aDatabase({ migrated: false });

    expect(await schemaStatus(url)).toMatchObject({ state: 'old', applied: [], unknown: [] });
    await expect(open(url)).rejects.toMatchObject({
      kind: 'schema-old',
      message: expect.stringContaining('burstcell db migrate'),
    });
  });
});

describe('a migrated database', () => {
  it('is left as it is by the next migrate', async () => {
    const url = await aDatabase();

    expect(await migrate(url)).toEqual([]);
  });

  it('is understood by SQLAlchemy’s form of its URL', async () => {
    const url = (await aDatabase()).replace('postgresql://', 'postgresql+psycopg2://');

    const store = await open(`${url}?client_encoding=utf8`);
    await store.close();

    expect((await schemaStatus(url)).state).toBe('current');
  });
});

describe('a database of a newer program', () => {
  it('is neither migrated nor opened', async () => {
    const url = await aDatabase();
    await run(url, "insert into schema_migrations (name, timestamp) values ('9999_future', 'now')");

    expect(await schemaStatus(url)).toMatchObject({ state: 'new', unknown: ['9999_future'] });
    await expect(migrate(url)).rejects.toMatchObject({ name: 'StoreError', kind: 'schema-new' });
    await expect(open(url)).rejects.toMatchObject({ kind: 'schema-new', message: expect.stringContaining('9999_future') });
  });
});

describe('the schema', () => {
  it('has nova’s tables, and images, with the columns that every one of them shares', async () => {
    const url = await aDatabase();
    const tables = `instances instance_extra instance_info_caches instance_metadata instance_system_metadata instance_faults
      instance_actions instance_actions_events block_device_mapping services compute_nodes migrations cells key_pairs
      bw_usage_cache task_log instance_types images`.split(/\s+/);

    const rows = await run(
      url,
      `select table_name from information_schema.columns where column_name in ('id', 'created_at', 'updated_at', 'deleted_at', 'deleted')
       group by 1 having count(*) = 5`,
    );

    expect(rows.map((row) => (row as { table_name: string }).table_name)).toEqual(expect.arrayContaining(tables));
  });
});
