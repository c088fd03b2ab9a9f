import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutboxEntry, Store } from '../../src/index.js';
import { aMessage, aReport } from '../support/builders.js';
import { only, until, useTestStore } from '../support/test-store.js';

const t = useTestStore();
const ALL = { holder: 'sender', leaseMs: 60_000, limit: 100 };

const claim = (store: Store = t.store) => store.outbox.claim(ALL);
const kinds = (entries: readonly OutboxEntry[]) => entries.map((entry) => entry.kind);

async function claimWhenDue(store: Store): Promise<OutboxEntry> {
  let entries: readonly OutboxEntry[] = [];
  await until(async () => {
    entries = await claim(store);
    return entries.length > 0;
  });
  return only(entries);
}

afterEach(async () => {
  await t.rows('delete from outbox');
});

describe('reports of one instance', () => {
  it('replace the one that was not sent yet, and merge its hints', async () => {
    const uuid = randomUUID();

    await t.store.commit({ writes: [aReport(uuid, { hints: { context: 'a', names: true } })] });
    await t.store.commit({ writes: [aReport(uuid, { hints: { context: 'b' } })] });

    expect(only(await claim())).toMatchObject({
      uuid,
      kind: 'state',
      version: 2,
      said: 0,
      payload: { context: 'b', names: true },
    });
  });

  it('keep the earlier due time', async () => {
    const uuid = randomUUID();

    await t.store.commit({ writes: [aReport(uuid, { delayMs: 0 })] });
    await t.store.commit({ writes: [aReport(uuid, { delayMs: 60_000 })] });

    expect(await claim()).toHaveLength(1);
  });

  it('wait for something newer as long as they may', async () => {
    await t.store.commit({ writes: [aReport(randomUUID(), { delayMs: 60_000 })] });

    expect(await claim()).toEqual([]);
    expect(await t.store.outbox.nextDueMs()).toBeGreaterThan(50_000);
  });

  it('are not handed out twice while a sender has them', async () => {
    await t.store.commit({ writes: [aReport(randomUUID())] });

    expect(await claim()).toHaveLength(1);
    expect(await claim(await t.another())).toEqual([]);
  });

  it('are said once more after the settle time, and then no more', async () => {
    const store = await t.another({ settleMs: 100 });
    await store.commit({ writes: [aReport(randomUUID())] });

    await store.outbox.sent(await claim(store));
    expect(await store.outbox.counts()).toEqual({ waiting: 0, settling: 1 });
    const repeat = await claimWhenDue(store);
    expect(repeat).toMatchObject({ version: 1, said: 1 });
    await store.outbox.sent([repeat]);

    expect(await t.rows('select 1 from outbox')).toEqual([]);
    expect(await store.outbox.nextDueMs()).toBeNull();
  });

  it('stay due when they changed while they were on their way', async () => {
    const uuid = randomUUID();
    await t.store.commit({ writes: [aReport(uuid, { hints: { n: 1 } })] });
    const sending = await claim();
    await t.store.commit({ writes: [aReport(uuid, { hints: { n: 2 } })] });

    await t.store.outbox.sent(sending);

    expect(only(await claim())).toMatchObject({ version: 2, said: 0, payload: { n: 2 } });
  });

  it('begin anew when something happens after they were said', async () => {
    const uuid = randomUUID();
    await t.store.commit({ writes: [aReport(uuid, { hints: { n: 1 } })] });
    await t.store.outbox.sent(await claim());

    await t.store.commit({ writes: [aReport(uuid, { hints: { m: 2 } })] });

    expect(only(await claim())).toMatchObject({ version: 2, said: 0, payload: { m: 2 } });
  });

  it('are a gap apart, though the newer one may go at once', async () => {
    const store = await t.another({ reportGapMs: 60_000 });
    const uuid = randomUUID();
    await store.commit({ writes: [aReport(uuid)] });
    await store.outbox.sent(await claim(store));

    await store.commit({ writes: [aReport(uuid)] });

    expect(await claim(store)).toEqual([]);
    expect(await store.outbox.nextDueMs()).toBeGreaterThan(50_000);
  });

  it('are a gap apart when the newer one came while the older was on its way', async () => {
    const store = await t.another({ reportGapMs: 60_000 });
    const uuid = randomUUID();
    await store.commit({ writes: [aReport(uuid)] });
    const sending = await claim(store);
    await store.commit({ writes: [aReport(uuid)] });

    await store.outbox.sent(sending);

    expect(await claim(store)).toEqual([]);
  });

  it('are told to be sent twice without harm', async () => {
    await t.store.commit({ writes: [aReport(randomUUID())] });
    const sending = await claim();

    await t.store.outbox.sent(sending);
    await t.store.outbox.sent(sending);

    expect(await t.store.outbox.counts()).toEqual({ waiting: 0, settling: 1 });
  });
});

describe('the report that an instance is gone', () => {
  it('is never followed by its state', async () => {
    const uuid = randomUUID();

    await t.store.commit({ writes: [aReport(uuid)] });
    await t.store.commit({ writes: [aReport(uuid, { what: 'gone' })] });
    await t.store.commit({ writes: [aReport(uuid)] });

    expect(kinds(await claim())).toEqual(['gone']);
  });

  it('stands after it was said twice, until it is purged', async () => {
    const store = await t.another({ settleMs: 0 });
    const uuid = randomUUID();
    await store.commit({ writes: [aReport(uuid, { what: 'gone' })] });
    await store.outbox.sent(await claim(store));
    await store.outbox.sent(await claim(store));

    await store.commit({ writes: [aReport(uuid)] });

    expect(await claim(store)).toEqual([]);
    expect(await store.outbox.nextDueMs()).toBeNull();
    expect(await store.outbox.counts()).toEqual({ waiting: 0, settling: 0 });
    await store.purge(new Date(Date.now() + 48 * 3_600_000));
    expect(await t.rows('select 1 from outbox')).toEqual([]);
  });

  it('is said again when it is asked for again', async () => {
    const uuid = randomUUID();
    await t.store.commit({ writes: [aReport(uuid, { what: 'gone' })] });
    await t.store.outbox.sent(await claim());

    await t.store.commit({ writes: [aReport(uuid, { what: 'gone' })] });

    expect(kinds(await claim())).toEqual(['gone']);
  });
});

describe('messages', () => {
  it('are removed when they are sent', async () => {
    await t.store.commit({ writes: [aMessage(null), aMessage(randomUUID())] });

    await t.store.outbox.sent(await claim());

    expect(await t.rows('select 1 from outbox')).toEqual([]);
  });

  it('of one instance go in their order, one at a time', async () => {
    const uuid = randomUUID();
    await t.store.commit({ writes: [aMessage(uuid, 'first'), aMessage(uuid, 'second'), aMessage(randomUUID(), 'other')] });

    const begin = await claim();
    expect(kinds(begin)).toEqual(['first', 'other']);
    await t.store.outbox.sent(begin);
    expect(kinds(await claim())).toEqual(['second']);
  });

  it('that could not be said hold back the later ones of their instance', async () => {
    const uuid = randomUUID();
    await t.store.commit({ writes: [aMessage(uuid, 'first'), aMessage(uuid, 'second')] });

    await t.store.outbox.putBack(await claim(), 60_000);

    expect(await claim()).toEqual([]);
    expect(await t.store.outbox.nextDueMs()).toBeGreaterThan(50_000);
  });

  it('must not pose as reports', async () => {
    const commit = t.store.commit({ writes: [aMessage(randomUUID(), 'gone')] });

    await expect(commit).rejects.toMatchObject({ kind: 'bad-value' });
  });
});

describe('what is due', () => {
  it('goes before repeats, whatever their due time', async () => {
    const store = await t.another({ settleMs: 0 });
    const [settling, fresh] = [randomUUID(), randomUUID()];
    await store.commit({ writes: [aReport(settling)] });
    await store.outbox.sent(await claim(store));

    await store.commit({ writes: [aReport(fresh), aMessage(null, 'answer')] });

    const entries = await claim(store);
    expect(entries.map((entry) => [entry.kind, entry.said])).toEqual([
      ['answer', 0],
      ['state', 0],
      ['state', 1],
    ]);
    expect(entries.map((entry) => entry.uuid)).toEqual([null, fresh, settling]);
  });

  it('goes by due time', async () => {
    await t.store.commit({ writes: [aMessage(null, 'early')] });
    await t.store.commit({ writes: [aMessage(null, 'late')] });

    expect(kinds(await t.store.outbox.claim({ ...ALL, limit: 1 }))).toEqual(['early']);
    expect(kinds(await t.store.outbox.claim({ ...ALL, limit: 1 }))).toEqual(['late']);
  });

  it('is handed to another sender when the first one died', async () => {
    await t.store.commit({ writes: [aReport(randomUUID()), aMessage(null)] });
    await t.store.outbox.claim({ ...ALL, leaseMs: 0 });

    expect(await claim(await t.another())).toHaveLength(2);
  });
});

describe('many reports, two replicas that send', () => {
  const INSTANCES = 30;
  const ROUNDS = 20;

  it('get through without deadlocks, each instance in order, and the last word is said', async () => {
    const stores = [t.store, await t.another()];
    const uuids = Array.from({ length: INSTANCES }, () => randomUUID());
    const said = new Map<string, number[]>();
    const last = () => uuids.every((uuid) => said.get(uuid)?.at(-1) === ROUNDS - 1);

    const reporting = (async () => {
      for (let n = 0; n < ROUNDS; n += 1) {
        const order = [...uuids].sort(() => Math.random() - 0.5);
        await t.store.commit({ writes: order.map((uuid) => aReport(uuid, { hints: { n } })) });
      }
    })();
    const sending = stores.map(async (store) => {
      while (!last()) {
        const entries = await claim(store);
        for (const { uuid, payload } of entries) said.set(uuid ?? '', [...(said.get(uuid ?? '') ?? []), Number(payload.n)]);
        await store.outbox.sent([...entries].reverse());
      }
    });
    await Promise.all([reporting, ...sending]);

    for (const uuid of uuids) expect(said.get(uuid)).toEqual([...(said.get(uuid) ?? [])].sort((a, b) => a - b));
  });
});
