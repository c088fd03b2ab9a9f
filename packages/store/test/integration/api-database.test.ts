import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { openApiDatabase } from '../../src/index.js';
import { createTestDatabase } from '../support/test-database.js';

/** One engine that a nova API database may run on. */
interface Engine {
  readonly url: string;
  run(sql: string): Promise<readonly unknown[]>;
  drop(): Promise<void>;
}

async function postgres(): Promise<Engine> {
  const database = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return {
    url: database.url.replace('postgresql://', 'postgresql+psycopg2://'),
    run: async (sql) => (await client.query(sql)).rows,
    drop: async () => {
      await client.end();
      await database.drop();
    },
  };
}

const MYSQL = { host: '127.0.0.1', user: 'root' };

async function mariadb(): Promise<Engine> {
  const name = `burstcell_test_${randomBytes(6).toString('hex')}`;
  const connection = await mysql.createConnection(MYSQL);
  await connection.query(`create database ${name}`);
  await connection.query(`use ${name}`);
  return {
    url: `mysql+pymysql://root@127.0.0.1/${name}?charset=utf8`,
    run: async (sql) => (await connection.query(sql))[0] as unknown[],
    drop: async () => {
      await connection.query(`drop database ${name}`);
      await connection.end();
    },
  };
}

/** Why MariaDB cannot be tried here; null when it can. */
async function reasonAgainstMariadb(): Promise<string | null> {
  try {
    const connection = await mysql.createConnection(MYSQL);
    await connection.end();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const TABLES = ['build_requests', 'instance_mappings', 'request_specs'] as const;

const missing = await reasonAgainstMariadb();
if (missing !== null) console.warn(`skipped: the API database on MariaDB (${missing})`);

const engines = [
  { name: 'PostgreSQL', start: postgres, isThere: true },
  { name: 'MySQL/MariaDB', start: mariadb, isThere: missing === null },
];

for (const { name, start, isThere } of engines) {
  (isThere ? describe : describe.skip)(`the API database on ${name}`, () => {
    let engine: Engine;
    const [booted, other] = [randomUUID(), randomUUID()];

    const left = async (table: string): Promise<unknown[]> => {
      const rows = await engine.run(`select instance_uuid from ${table} order by instance_uuid`);
      return rows.map((row) => (row as { instance_uuid: string }).instance_uuid);
    };

    beforeAll(async () => {
      engine = await start();
      for (const table of TABLES) await engine.run(`create table ${table} (id int, instance_uuid varchar(36) unique)`);
    });

    afterAll(async () => {
      await engine.drop();
    });

    it('loses the build requests of reported instances and keeps their mappings, without which Rocky cannot delete', async () => {
      for (const table of TABLES) await engine.run(`insert into ${table} values (1, '${booted}'), (2, '${other}')`);
      const api = openApiDatabase(engine.url);

      await api.tidy([booted, randomUUID()]);
      await api.tidy([booted]);
      await api.close();

      expect(await left('build_requests')).toEqual([other]);
      expect(await left('instance_mappings')).toEqual([booted, other].sort());
      expect(await left('request_specs')).toEqual([booted, other].sort());
    });

    it('loses all traces of forgotten instances', async () => {
      const api = openApiDatabase(engine.url);

      await api.forget([booted]);
      await api.close();

      for (const table of TABLES) expect(await left(table)).toEqual([other]);
    });

    it('gets a mapping of an adopted instance, once, and keeps what is there', async () => {
      await engine.run('alter table instance_mappings add column project_id varchar(255)');
      await engine.run('alter table instance_mappings add column cell_id int');
      const api = openApiDatabase(engine.url);

      await api.map([{ uuid: booted, projectId: 'p1' }]);
      await api.map([{ uuid: booted, projectId: 'p2' }]);
      await api.close();

      const rows = await engine.run(`select project_id, cell_id from instance_mappings where instance_uuid = '${booted}'`);
      expect(rows).toEqual([{ project_id: 'p1', cell_id: null }]);
    });

    it('of a release without these tables is left alone', async () => {
      for (const table of TABLES) await engine.run(`drop table ${table}`);
      const api = openApiDatabase(engine.url);

      await expect(api.tidy([booted])).resolves.toBeUndefined();
      await expect(api.forget([booted])).resolves.toBeUndefined();
      await api.close();
    });
  });
}

describe('an API database', () => {
  it('that is away rejects with `unavailable`', async () => {
    for (const url of ['postgresql://nobody@127.0.0.1:1/none', 'mysql://nobody@127.0.0.1:1/none']) {
      const api = openApiDatabase(url);

      await expect(api.tidy([randomUUID()])).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      await api.close();
    }
  });

  it('of another kind is refused at once, without telling its password', () => {
    expect(() => openApiDatabase('sqlite:////var/lib/nova.sqlite')).toThrow(expect.objectContaining({ kind: 'bad-value' }));
    expect(() => openApiDatabase('oracle://u:secret@h/d')).toThrow(/^(?!.*secret)/);
  });
});
