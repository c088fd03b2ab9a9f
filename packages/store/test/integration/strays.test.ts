import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStore, type Store } from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from '../../src/testing.js';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openStore({ url: database.url, poolSize: 2, reportGapMs: 0, settleMs: 0 });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

const machine = (providerId: string, state = 'running') => ({ providerId, zone: 'a', state, launchedAt: new Date() });

describe('strays', () => {
  it('are counted by sweep and keep when they were first seen', async () => {
    const [first] = await store.strays.seen([machine('i-1')]);
    const [again] = await store.strays.seen([machine('i-1', 'stopped')]);

    expect(again).toMatchObject({ providerId: 'i-1', state: 'stopped', sweeps: 2, firstSeenAt: first?.firstSeenAt });
  });

  it('keep what was done about them until they are forgotten', async () => {
    await store.strays.seen([machine('i-2')]);
    await store.strays.mark('i-2', 'quarantined');

    expect((await store.strays.list()).find((stray) => stray.providerId === 'i-2')?.quarantinedAt).toBeInstanceOf(Date);

    await store.strays.forget(['i-2']);
    expect((await store.strays.list()).map((stray) => stray.providerId)).not.toContain('i-2');
  });
});
