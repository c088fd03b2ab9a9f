import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStore, type Unit, type Write } from '../../src/index.js';
import { anInstance, anOperation, aReport } from '../support/builders.js';
import { claimOne, useTestStore } from '../support/test-store.js';

const t = useTestStore();

const display = async (uuid: string) => (await t.store.instances.views([uuid])).get(uuid)?.display_name;

const named = (uuid: string, name: string): Write => ({ write: 'patch-instance', uuid, set: { display_name: name } });

const newMessage = (uuid: string) => ({ guard: 'new-message', uuid, method: 'build_instances' }) as const;

async function insertOne(): Promise<string> {
  const instance = anInstance();
  await t.store.commit({ writes: [instance] });
  return instance.uuid;
}

afterEach(async () => {
  await t.rows("update operations set finished_at = now(), outcome = 'done' where finished_at is null");
});

describe('a unit of work', () => {
  it('is applied whole', async () => {
    const instance = anInstance();

    const result = await t.store.commit({
      guards: [newMessage(randomUUID())],
      writes: [instance, anOperation(instance.uuid), aReport(instance.uuid)],
    });

    expect(result).toBe('done');
    expect(await display(instance.uuid)).toBe('web');
    expect(await t.store.operations.pending(instance.uuid)).toHaveLength(1);
    expect(await t.rows('select 1 from outbox where uuid = $1', [instance.uuid])).toHaveLength(1);
  });

  it('leaves nothing behind when one of its values is refused', async () => {
    const instance = anInstance();
    const message = randomUUID();

    const commit = t.store.commit({
      guards: [newMessage(message)],
      writes: [anOperation(instance.uuid), { ...instance, columns: { memory_mb: 3e9 } }],
    });

    await expect(commit).rejects.toMatchObject({ name: 'StoreError', kind: 'bad-value' });
    expect(await t.store.operations.pending(instance.uuid)).toHaveLength(0);
    expect(await t.rows('select 1 from inbox where uuid = $1', [message])).toHaveLength(0);
  });

  it('without guards and writes is done', async () => {
    await expect(t.store.commit({ writes: [] })).resolves.toBe('done');
  });

  it('applies two writes of one kind to one row in the order given', async () => {
    const uuid = await insertOne();

    await t.store.commit({ writes: [named(uuid, 'first'), named(uuid, 'second'), named(uuid, 'third')] });

    expect(await display(uuid)).toBe('third');
  });

  it('is refused with the name of a column that nobody may write', async () => {
    const set = { 'id = 1; drop table instances; --': 1 } as object;

    const commit = t.store.commit({ writes: [{ write: 'patch-instance', uuid: randomUUID(), set }] });

    await expect(commit).rejects.toMatchObject({ kind: 'bad-value' });
  });
});

describe('guards', () => {
  it('take a message once', async () => {
    const uuid = await insertOne();
    const message = randomUUID();

    const first = await t.store.commit({ guards: [newMessage(message)], writes: [named(uuid, 'first')] });
    const again = await t.store.commit({ guards: [newMessage(message)], writes: [named(uuid, 'again')] });

    expect([first, again]).toEqual(['done', 'duplicate']);
    expect(await display(uuid)).toBe('first');
  });

  it('take a message once when it comes to two replicas at the same moment', async () => {
    const other = await t.another();
    const messages = Array.from({ length: 50 }, () => randomUUID());

    const results = await Promise.all(
      messages.flatMap((uuid) => [t.store, other].map((store) => store.commit({ guards: [newMessage(uuid)], writes: [] }))),
    );

    expect(results.filter((result) => result === 'done')).toHaveLength(50);
    expect(results.filter((result) => result === 'duplicate')).toHaveLength(50);
  });

  it('do not take a message whose unit another guard stops', async () => {
    const message = randomUUID();
    const conflicting: Unit = {
      guards: [newMessage(message), { guard: 'instance-in', uuid: randomUUID() }],
      writes: [],
    };

    expect(await t.store.commit(conflicting)).toBe('conflict');
    expect(await t.store.commit({ guards: [newMessage(message)], writes: [] })).toBe('done');
  });

  it.each([
    { guard: { vmStates: ['building'] }, wanted: 'done' },
    { guard: { vmStates: ['active', 'stopped'] }, wanted: 'conflict' },
    { guard: { taskStates: ['scheduling', null] }, wanted: 'done' },
    { guard: { taskStates: [null] }, wanted: 'conflict' },
    { guard: {}, wanted: 'done' },
  ])('let a unit pass by the states of its instance: $guard', async ({ guard, wanted }) => {
    const uuid = await insertOne();

    const result = await t.store.commit({ guards: [{ guard: 'instance-in', uuid, ...guard }], writes: [named(uuid, 'new')] });

    expect(result).toBe(wanted);
    expect(await display(uuid)).toBe(wanted === 'done' ? 'new' : 'web');
  });

  it('stop a unit whose instance is deleted', async () => {
    const uuid = await insertOne();
    await t.store.commit({ writes: [{ write: 'delete-instance', uuid, at: new Date() }] });

    expect(await t.store.commit({ guards: [{ guard: 'instance-in', uuid }], writes: [] })).toBe('conflict');
  });

  it('let one of many pass who all saw the same state', async () => {
    const uuid = await insertOne();
    const other = await t.another();
    const stop: Unit = {
      guards: [{ guard: 'instance-in', uuid, taskStates: ['scheduling'] }],
      writes: [{ write: 'patch-instance', uuid, set: { task_state: 'powering-off' } }],
    };

    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? t.store : other).commit(stop)));

    expect(results.filter((result) => result === 'done')).toHaveLength(1);
  });

  it('stop the holder of an operation that somebody else has by now', async () => {
    const uuid = await insertOne();
    await t.store.commit({ writes: [anOperation(uuid)] });
    const old = await claimOne(t.store, 'slow', 0);
    const now = await claimOne(t.store, 'quick');

    const held = (fence: string): Unit => ({
      guards: [{ guard: 'operation-held', id: old.id, fence }],
      writes: [named(uuid, `fence ${fence}`)],
    });

    expect(now.id).toBe(old.id);
    expect(Number(now.fence)).toBeGreaterThan(Number(old.fence));
    expect(await t.store.commit(held(old.fence))).toBe('fenced');
    expect(await t.store.commit(held(now.fence))).toBe('done');
    expect(await display(uuid)).toBe(`fence ${now.fence}`);
  });

  it('stop the holder of an operation that is finished', async () => {
    const uuid = await insertOne();
    await t.store.commit({ writes: [anOperation(uuid)] });
    const { id, fence } = await claimOne(t.store);
    const finish: Unit = {
      guards: [{ guard: 'operation-held', id, fence }],
      writes: [{ write: 'finish-operation', id, outcome: 'done' }],
    };

    expect(await t.store.commit(finish)).toBe('done');
    expect(await t.store.commit(finish)).toBe('fenced');
  });
});

describe('units that come together', () => {
  it('share transactions', async () => {
    const instances = Array.from({ length: 300 }, () => anInstance());

    await Promise.all(instances.map((instance) => t.store.commit({ writes: [instance] })));

    const inserted = await t.rows('select count(distinct xmin::text)::int as n from instances where uuid = any($1)', [
      instances.map((instance) => instance.uuid),
    ]);
    expect(inserted).toEqual([{ n: expect.any(Number) }]);
    expect((inserted[0] as { n: number }).n).toBeLessThan(15);
  });

  it('keep their order where they touch one instance', async () => {
    const uuids = await Promise.all(Array.from({ length: 5 }, insertOne));
    const order: string[] = [];

    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const uuid = uuids[index % uuids.length] ?? '';
        await t.store.commit({ writes: [named(uuid, `n${index}`)] });
        order.push(`${index % uuids.length}:${index}`);
      }),
    );

    for (const [place, uuid] of uuids.entries()) {
      const own = order.filter((entry) => entry.startsWith(`${place}:`)).map((entry) => Number(entry.split(':')[1]));
      expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(await display(uuid)).toBe(`n${95 + place}`);
    }
  });

  it('fail alone: the others of the batch go through', async () => {
    const good = Array.from({ length: 40 }, () => anInstance());
    const bad = anInstance({ columns: { access_ip_v4: 'no address' } });
    const units = [...good.slice(0, 20), bad, ...good.slice(20)].map((instance) => ({ writes: [instance] }));

    const results = await Promise.allSettled(units.map((unit) => t.store.commit(unit)));

    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
    expect(results[20]).toMatchObject({ status: 'rejected', reason: { kind: 'bad-value' } });
    expect((await t.store.instances.views(good.map((instance) => instance.uuid))).size).toBe(40);
  });

  it('of two replicas get through though they touch the same instances in another order', async () => {
    const uuids = await Promise.all(Array.from({ length: 20 }, insertOne));
    const other = await t.another();
    const all = (list: readonly string[], name: string): Unit => ({ writes: list.map((uuid) => named(uuid, name)) });

    const commits = Array.from({ length: 10 }, () => [
      t.store.commit(all(uuids, 'one')),
      other.commit(all([...uuids].reverse(), 'other')),
    ]);

    await expect(Promise.all(commits.flat())).resolves.toEqual(Array.from({ length: 20 }, () => 'done'));
  });
});

describe('values', () => {
  it('lose NUL characters and halves of surrogate pairs, nothing else', async () => {
    const instance = anInstance({
      columns: { display_name: 'a\0b\ud800c', display_description: 'a \\u0000 \u{1f600} "quoted" \n' },
      metadata: { 'k\0': 'v\0' },
    });

    await t.store.commit({ writes: [instance, anOperation(instance.uuid, { parameters: { script: 'x\0y' } })] });

    const view = (await t.store.instances.views([instance.uuid])).get(instance.uuid);
    expect(view?.display_name).toBe('a\ufffdb\ufffdc');
    expect(view?.display_description).toBe('a \\u0000 \u{1f600} "quoted" \n');
    expect(view?.metadata).toEqual({ 'k\ufffd': 'v\ufffd' });
    expect((await claimOne(t.store)).parameters).toEqual({ script: 'x\ufffdy' });
  });

  it('are cut at 255 characters where nova cuts them', async () => {
    const long = '\u{1f600}'.repeat(300);
    const instance = anInstance({ columns: { display_name: long } });

    await t.store.commit({
      writes: [instance, { write: 'add-fault', uuid: instance.uuid, code: 400, message: long, details: long, host: null }],
    });

    expect(await display(instance.uuid)).toBe('\u{1f600}'.repeat(255));
    const faults = await t.rows('select message, details from instance_faults where instance_uuid = $1', [instance.uuid]);
    expect(faults).toEqual([{ message: '\u{1f600}'.repeat(255), details: long }]);
  });

  it.each([
    { what: 'a number out of range', columns: { vcpus: 2 ** 31 } },
    { what: 'a fraction', columns: { vcpus: 1.5 } },
    { what: 'what is not a number', columns: { vcpus: Number.NaN } },
    { what: 'a date that is none', columns: { launched_at: new Date(Number.NaN) } },
  ])('are refused when they are $what', async ({ columns }) => {
    await expect(t.store.commit({ writes: [anInstance({ columns })] })).rejects.toMatchObject({ kind: 'bad-value' });
  });

  it('of times come back as the same moment', async () => {
    const launchedAt = new Date('2026-03-29T01:30:00.123Z');
    const instance = anInstance({ columns: { launched_at: launchedAt } });

    await t.store.commit({ writes: [instance] });

    expect((await t.store.instances.views([instance.uuid])).get(instance.uuid)?.launched_at).toEqual(launchedAt);
  });

  it('of times come back as the same moment on a server in another time zone', async () => {
    await t.rows(`alter database ${new URL(t.url).pathname.slice(1)} set timezone = 'Asia/Tokyo'`);
    const store = await t.another();
    const at = new Date('2026-07-01T12:00:00.000Z');
    const instance = anInstance({ columns: { launched_at: at } });

    await store.commit({ writes: [instance, anOperation(instance.uuid, { deadline: at })] });

    const view = (await store.instances.views([instance.uuid])).get(instance.uuid);
    expect(view?.launched_at).toEqual(at);
    expect(Math.abs((view?.created_at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await claimOne(store)).deadline).toEqual(at);
    const since = new Date(Date.now() - 60_000);
    expect((await store.instances.changed({ since, deleted: true, limit: 1000 })).map((row) => row.uuid)).toContain(
      instance.uuid,
    );
    expect(await store.instances.changed({ since: new Date(Date.now() + 60_000), deleted: true, limit: 1000 })).toEqual([]);
  });
});

describe('a database that goes away', () => {
  it('rejects with `unavailable`, and serves again when it is back', async () => {
    const store = await t.another();
    const uuid = await insertOne();
    await store.commit({ writes: [named(uuid, 'before')] });

    const commits = Array.from({ length: 200 }, (_, index) => store.commit({ writes: [named(uuid, `n${index}`)] }));
    await t.rows(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    const results = await Promise.allSettled(commits);

    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'unavailable' });
    }
    await expect(store.commit({ writes: [named(uuid, 'after')] })).resolves.toBe('done');
    expect(await display(uuid)).toBe('after');
  });

  it('is told when the store is opened', async () => {
    const opening = openStore({ url: 'postgresql://nobody@127.0.0.1:1/none', reportGapMs: 0, settleMs: 0 });

    await expect(opening).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('takes no unit after the store was closed, and finishes those it has', async () => {
    const store = await t.another();
    const instance = anInstance();

    const commit = store.commit({ writes: [instance] });
    await store.close();

    await expect(commit).resolves.toBe('done');
    await expect(store.commit({ writes: [anInstance()] })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
