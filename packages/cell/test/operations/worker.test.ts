import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import type { Store } from '@burstcell/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verbs } from '../../src/operations/verbs.js';
import { Worker } from '../../src/operations/worker.js';
import { OPERATION_LEASE_MS } from '../../src/timings.js';
import { coreTools } from '../support/tools.js';
import { World } from './world.js';

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

describe('a worker', () => {
  it.each<[string, (store: Store) => Store]>([
    // What it did, and then that it shall be done again.
    ['could not be recorded', (store) => ({ ...store, commit: failing(2, store.commit) })],
    [
      'could not be read up',
      (store) => ({ ...store, instances: { ...store.instances, views: failing(1, store.instances.views) } }),
    ],
  ])('takes an operation again that %s, long before its lease has ended', async (_what, broken) => {
    const store = broken(world.store);
    const uuid = randomUUID();
    await world.submit(uuid, 'build');
    const lookedAt: Date[] = [];
    const taken = takenAgain(store, lookedAt);

    const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
    const worker = new Worker(coreTools({ store: taken.store, provider }), verbs, { holder: 'w', concurrency: 4 });
    worker.start();
    await taken.twice;
    await worker.stop(0);

    const [first = new Date(), second = new Date()] = lookedAt;
    expect(second.getTime() - first.getTime()).toBeLessThan(OPERATION_LEASE_MS / 2);
  });
});

/** Fails the first times it is called. */
function failing<A extends unknown[], R>(times: number, work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let left = times;
  return async (...args) => {
    left -= 1;
    if (left < 0) return work(...args);
    throw new Error('the database refused a statement');
  };
}

/** The store, and when something was claimed for the second time. */
function takenAgain(store: Store, at: Date[]): { readonly store: Store; readonly twice: Promise<void> } {
  let resolve = () => {};
  const twice = new Promise<void>((done) => {
    resolve = done;
  });
  const claim: Store['operations']['claim'] = async (query) => {
    const claimed = await store.operations.claim(query);
    if (claimed.length > 0) at.push(new Date());
    if (at.length === 2) resolve();
    return claimed;
  };
  return { store: { ...store, operations: { ...store.operations, claim } }, twice };
}
