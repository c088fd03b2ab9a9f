import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Store, Write } from '../../src/index.js';
import { anOperation, aReport } from '../support/builders.js';
import { claimOne, until, useTestStore } from '../support/test-store.js';

const t = useTestStore();

/** Counts what a store hears; waits until it listens, which it tells by a first call. */
async function ear(store: Store, sort: 'operations' | 'outbox') {
  const ear = { count: 0, stop: () => {} };
  ear.stop = store.onWork(sort, () => {
    ear.count += 1;
  });
  await until(() => ear.count > 0);
  ear.count = 0;
  return ear;
}

const commit = (store: Store, ...writes: Write[]) => store.commit({ writes });

describe('work', () => {
  it('that is committed here wakes our own workers, once', async () => {
    const store = await t.another();
    const [operations, outbox] = [await ear(store, 'operations'), { count: 0 }];
    const stop = store.onWork('outbox', () => {
      outbox.count += 1;
    });

    await commit(store, anOperation(randomUUID()));
    await until(() => operations.count > 0);
    await commit(store, aReport(randomUUID()));
    await until(() => outbox.count > 0);

    expect([operations.count, outbox.count]).toEqual([1, 1]);
    stop();
    operations.stop();
  });

  it('that another replica commits wakes ours', async () => {
    const [here, there] = [await t.another(), await t.another()];
    const operations = await ear(here, 'operations');

    await commit(there, anOperation(randomUUID()));

    await until(() => operations.count > 0);
    operations.stop();
  });

  it('is heard of when an operation ends for which another one has waited, and not otherwise', async () => {
    const [here, there] = [await t.another(), await t.another()];
    const uuid = randomUUID();
    await t.rows('delete from operations');
    await commit(there, anOperation(uuid), anOperation(uuid, { verb: 'stop' }));
    const operations = await ear(here, 'operations');

    const first = await claimOne(there);
    await commit(there, { write: 'finish-operation', id: first.id, outcome: 'done' });
    await until(() => operations.count > 0);
    const second = await claimOne(there);
    await commit(there, { write: 'finish-operation', id: second.id, outcome: 'done' });
    await commit(there, anOperation(uuid, { verb: 'start' }));
    await until(() => operations.count > 1);

    expect(operations.count).toBe(2);
    operations.stop();
  });

  it('is heard of here when an operation is let go, since it may be due at once', async () => {
    const store = await t.another();
    const uuid = randomUUID();
    await t.rows('delete from operations');
    await commit(store, anOperation(uuid));
    const operations = await ear(store, 'operations');
    const { id } = await claimOne(store);

    await commit(store, { write: 'save-operation', id, step: 'still held' });
    await commit(store, { write: 'save-operation', id, runAt: new Date() });

    await until(() => operations.count > 0);
    expect(operations.count).toBe(1);
    operations.stop();
  });

  it('is not heard of by a listener that was stopped', async () => {
    const store = await t.another();
    const stopped = await ear(store, 'operations');
    const other = { count: 0 };
    store.onWork('outbox', () => {
      other.count += 1;
    });
    stopped.stop();

    await commit(store, anOperation(randomUUID()), aReport(randomUUID()));
    await until(() => other.count > 0);

    expect(stopped.count).toBe(0);
  });

  it('is heard of again after the connection was lost, and everybody is woken for what was missed', async () => {
    const [here, there] = [await t.another(), await t.another()];
    const operations = await ear(here, 'operations');

    await t.rows(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%'`);
    await until(() => operations.count > 0);
    operations.count = 0;
    await commit(there, anOperation(randomUUID()));

    await until(() => operations.count > 0);
    operations.stop();
  });
});
