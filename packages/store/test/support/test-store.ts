import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { type OperationRow, openStore, type Store, type StoreOptions } from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Small: several test files run at once, next to other users of the server. */
const POOL_SIZE = 3;

export interface TestStore {
  readonly store: Store;
  readonly url: string;
  /** Another replica on the same database; closed with the rest. */
  another(options?: Partial<StoreOptions>): Promise<Store>;
  /** What an operator would see with psql. */
  rows<T = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

/** A database and a store for one test file, gone at its end. */
export function useTestStore(options: Partial<StoreOptions> = {}): TestStore {
  const opened: Store[] = [];
  let database: TestDatabase | undefined;
  let client: pg.Client | undefined;

  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('used before beforeAll ran');
    return value;
  };
  const open = async (change: Partial<StoreOptions> = {}): Promise<Store> => {
    const url = need(database).url;
    const store = await openStore({ url, poolSize: POOL_SIZE, reportGapMs: 0, settleMs: 60_000, ...options, ...change });
    opened.push(store);
    return store;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await open();
  });

  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await client?.end();
    await database?.drop();
  });

  return {
    get store() {
      return need(opened[0]);
    },
    get url() {
      return need(database).url;
    },
    another: open,
    async rows<T>(sql: string, values: readonly unknown[] = []) {
      const result = await need(client).query(sql, [...values]);
      return result.rows as T[];
    },
  };
}

/** The one that is there; fails the test when there is none. */
export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`expected one, got ${list.length}`);
  return first;
}

export async function claimOne(store: Store, holder = 'worker', leaseMs = 60_000): Promise<OperationRow> {
  return only(await store.operations.claim({ holder, leaseMs, limit: 1 }));
}

/** Resolves once the condition holds; the test's own time limit ends a condition that never does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
