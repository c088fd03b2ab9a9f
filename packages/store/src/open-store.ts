import { randomUUID } from 'node:crypto';
import { GroupCommitter } from './commit.js';
import { createDatabase, createPool } from './database.js';
import { requireCurrent, schemaStatus } from './migrate.js';
import { storeErrors } from './pg-errors.js';
import { purge } from './purge.js';
import { actions } from './reads/actions.js';
import { bandwidth } from './reads/bandwidth.js';
import { buckets } from './reads/buckets.js';
import { cells } from './reads/cells.js';
import { consoleTokens } from './reads/console-tokens.js';
import { flavorSizes, flavors } from './reads/flavors.js';
import { hosts } from './reads/hosts.js';
import { images } from './reads/images.js';
import { instances } from './reads/instances.js';
import { keyPairs } from './reads/key-pairs.js';
import { launches } from './reads/launches.js';
import { leases } from './reads/leases.js';
import { operations } from './reads/operations.js';
import { outbox } from './reads/outbox.js';
import { providerInstances } from './reads/provider-instances.js';
import { refusals } from './reads/refusals.js';
import { rejected } from './reads/rejected.js';
import { migrationsOf, reports } from './reads/reports.js';
import { settle } from './reads/settle.js';
import { strays } from './reads/strays.js';
import type { Store, StoreOptions } from './store.js';
import { DEFAULT_POOL_SIZE, MAX_TRANSACTIONS } from './timings.js';
import { WorkSignals } from './work-signals.js';

/**
 * Opens the cell's database. Rejects with a `StoreError`: `schema-old` or `schema-new` when the schema is not this
 * program's, `unavailable` when it cannot be reached, `bad-value` for a URL that is none. Any number of processes may
 * have it open.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, poolSize = DEFAULT_POOL_SIZE, reportGapMs, settleMs } = options;
  requireCurrent(await schemaStatus(url));

  const origin = randomUUID();
  const pool = createPool({ url, size: poolSize });
  const commitPool = createPool({ url, size: MAX_TRANSACTIONS, pipeline: true });
  const db = createDatabase(pool);
  const signals = new WorkSignals(url, origin);
  const onWork = signals.wake.bind(signals);
  const committer = new GroupCommitter({ pool: commitPool, context: { reportGapMs, origin }, onWork });

  const close = async (): Promise<void> => {
    await committer.close();
    await Promise.all([signals.close(), commitPool.end(), db.destroy()]);
  };
  let closing: Promise<void> | undefined;

  return withStoreErrors({
    commit: (unit) => committer.commit(unit),
    instances: instances(pool),
    operations: operations(pool),
    launches: launches(pool),
    providerInstances: providerInstances(pool),
    outbox: outbox(pool, { reportGapMs, settleMs, onWork }),
    hosts: hosts(pool, db),
    actions: actions(db),
    reports: reports(db),
    migrations: migrationsOf(db),
    images: images(db),
    strays: strays(db),
    bandwidth: bandwidth(db),
    flavors: flavors(pool),
    flavorSizes: flavorSizes(pool),
    keyPairs: keyPairs(db),
    cells: cells(db),
    consoleTokens: consoleTokens(pool),
    leases: leases(pool),
    buckets: buckets(pool),
    refusals: refusals(pool),
    rejected: rejected(db),
    settle: settle(pool),
    onWork: (sort, listener) => signals.onWork(sort, listener),
    purge: (now) => purge(pool, now),
    close: () => (closing ??= close()),
  });
}

/** Gives the driver's errors the store's form in every method that answers a promise. */
function withStoreErrors(store: Store): Store {
  return wrap(store) as Store;
}

function wrap(value: object): object {
  const entries = Object.entries(value).map(([key, member]: [string, unknown]) => {
    if (typeof member === 'object' && member !== null) return [key, wrap(member)];
    return [key, typeof member === 'function' && key !== 'onWork' ? guarded(member as AsyncMethod) : member];
  });
  return Object.fromEntries(entries) as object;
}

type AsyncMethod = (...args: readonly unknown[]) => Promise<unknown>;

function guarded(method: AsyncMethod): AsyncMethod {
  return (...args) => storeErrors(async () => method(...args));
}
