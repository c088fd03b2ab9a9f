import { describe, expect, it } from '@jest/globals';
import { until, useTestStore } from '../support/test-store.js';

const t = useTestStore();

describe('a lease', () => {
  it('has one holder at a time, who may lengthen it', async () => {
    const fence = await t.store.leases.hold('sweep', 'a', 60_000);

    expect(await t.store.leases.hold('sweep', 'b', 60_000)).toBeNull();
    expect(await t.store.leases.hold('sweep', 'a', 60_000)).toBe(fence);
  });

  it('is taken over when it ran out or was released, under a higher fence', async () => {
    const first = await t.store.leases.hold('pulse', 'a', 30);
    let second: string | null = null;
    await until(async () => {
      second = await t.store.leases.hold('pulse', 'b', 60_000);
      return second !== null;
    });
    await t.store.leases.release('pulse', 'a'); // no longer its own to release
    expect(await t.store.leases.hold('pulse', 'a', 60_000)).toBeNull();
    await t.store.leases.release('pulse', 'b');
    const third = await t.store.leases.hold('pulse', 'a', 60_000);

    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(Number(third)).toBeGreaterThan(Number(second));
  });

  it('goes to one of many who ask at the same moment', async () => {
    const holders = Array.from({ length: 10 }, (_, index) => `holder-${index}`);

    const fences = await Promise.all(holders.map((holder) => t.store.leases.hold('race', holder, 60_000)));

    expect(fences.filter((fence) => fence !== null)).toHaveLength(1);
  });
});

describe('a bucket', () => {
  const size = { capacity: 10, refillPerSecond: 0.001 };

  it('is full at first, gives what it has, and says when to ask again', async () => {
    expect(await t.store.buckets.take('run', size, 4)).toEqual({ granted: 4, waitMs: 0 });
    expect(await t.store.buckets.take('run', size, 20)).toEqual({ granted: 6, waitMs: 0 });
    const refused = await t.store.buckets.take('run', size, 1);
    expect(refused.granted).toBe(0);
    expect(refused.waitMs).toBeGreaterThan(900_000);
  });

  it('gives the least that is asked for or nothing', async () => {
    await t.store.buckets.take('least', size, 7);

    expect(await t.store.buckets.take('least', size, 5, 5)).toMatchObject({ granted: 0 });
    expect(await t.store.buckets.take('least', size, 5, 3)).toEqual({ granted: 3, waitMs: 0 });
  });

  it('is shared: replicas together never get more than it holds', async () => {
    const other = await t.another();

    const takes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? t.store : other).buckets.take('shared', size, 1)),
    );

    expect(takes.reduce((sum, { granted }) => sum + granted, 0)).toBe(10);
  });

  it('refills by the clock of the database, up to its capacity', async () => {
    await t.store.buckets.take('refill', size, 10);
    await t.rows("update buckets set refilled_at = refilled_at - interval '3 s' where name = 'refill'");
    expect(await t.store.buckets.take('refill', { capacity: 10, refillPerSecond: 1 }, 10)).toMatchObject({ granted: 3 });

    await t.rows("update buckets set refilled_at = refilled_at - interval '1 day' where name = 'refill'");
    expect(await t.store.buckets.take('refill', { capacity: 10, refillPerSecond: 1 }, 100)).toMatchObject({ granted: 10 });
  });

  it('holds again what was given back, and no more than it can', async () => {
    const { capacity } = size;
    expect(await t.store.buckets.take('refunded', size, capacity, capacity)).toMatchObject({ granted: capacity });

    await t.store.buckets.giveBack('refunded', size, capacity);
    await t.store.buckets.giveBack('refunded', size, capacity);

    expect(await t.store.buckets.take('refunded', size, capacity, capacity)).toMatchObject({ granted: capacity });
    expect(await t.store.buckets.take('refunded', size, capacity, capacity)).toMatchObject({ granted: 0 });
  });

  it('is emptied after a throttle answer', async () => {
    await t.store.buckets.empty('throttled');

    expect(await t.store.buckets.take('throttled', size, 1)).toMatchObject({ granted: 0 });
  });
});

describe('a refusal', () => {
  const inMs = (ms: number) => new Date(Date.now() + ms);

  it('is known to all replicas until it ends, the latest end counts, and others of its kind are left out', async () => {
    const other = await t.another();
    const [soon, late] = [inMs(60_000), inMs(120_000)];

    await t.store.refusals.mark('here/a', late);
    await other.refusals.mark('here/a', soon);
    await t.store.refusals.mark('here/b', inMs(-60_000));
    await t.store.refusals.mark('there/a', soon);

    expect(await other.refusals.current('here/')).toEqual(new Map([['here/a', late]]));
  });

  it('is removed some time after it has ended', async () => {
    await t.store.refusals.mark('old/a', inMs(-24 * 3_600_000));

    await t.store.purge(new Date());

    expect(await t.rows("select key from refusals where key = 'old/a'")).toEqual([]);
  });
});

describe('a settled value', () => {
  it('is the first candidate, for everybody and for ever', async () => {
    const other = await t.another();

    const settled = await Promise.all(
      ['a', 'b', 'c', 'd'].map((value, n) => (n % 2 ? t.store : other).settle('incarnation', value)),
    );

    expect(new Set(settled.map(({ value }) => value)).size).toBe(1);
    const [first] = settled;
    expect(await t.store.settle('incarnation', 'late')).toEqual(first);
  });
});

describe('a cell', () => {
  const cell = {
    name: 'api',
    api_url: null,
    transport_url: 'rabbit://u:p@h/v',
    weight_offset: 1,
    weight_scale: 0.5,
    is_parent: true,
  };

  it('is created, listed and deleted, and its name may be used again', async () => {
    const created = await t.store.cells.create(cell);

    expect(created).toEqual({ ...cell, id: expect.any(Number) });
    await expect(t.store.cells.create(cell)).rejects.toMatchObject({ name: 'StoreError', kind: 'exists' });
    expect(await t.store.cells.list()).toEqual([created]);
    expect(await t.store.cells.delete('api')).toBe(true);
    expect(await t.store.cells.delete('api')).toBe(false);
    expect((await t.store.cells.create(cell)).id).not.toBe(created.id);
  });
});

describe('a key pair', () => {
  it('is remembered as it was last told', async () => {
    await t.store.keyPairs.remember('user', 'key', 'ssh-rsa old');
    await t.store.keyPairs.remember('user', 'key', 'ssh-rsa new');

    expect(await t.store.keyPairs.find('user', 'key')).toEqual({ publicKey: 'ssh-rsa new' });
    expect(await t.store.keyPairs.find('other', 'key')).toBeNull();
  });
});

describe('records of use', () => {
  const [begin, end] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-04-01T00:00:00Z')];

  it('are found by task, period, host and state', async () => {
    await t.rows(`insert into task_log (task_name, state, host, period_beginning, period_ending, message)
      values ('instance_usage_audit', 'DONE', 'zone-a', '2026-03-01', '2026-04-01', 'ok')`);
    const query = { taskName: 'instance_usage_audit', begin, end };

    expect(await t.store.reports.taskLog(query)).toMatchObject([{ host: 'zone-a', period_beginning: begin, period_ending: end }]);
    expect(await t.store.reports.taskLog({ ...query, host: 'zone-b' })).toEqual([]);
    expect(await t.store.reports.taskLog({ ...query, host: null, state: 'RUNNING' })).toEqual([]);
  });

  it('of migrations are filtered as nova filters them', async () => {
    await t.rows(`insert into migrations (uuid, source_compute, dest_compute, instance_uuid, status, migration_type)
      values ('m-1', 'zone-a', 'zone-b', 'i-1', 'finished', 'resize'), ('m-2', 'zone-b', 'zone-c', 'i-2', 'error', 'migration')`);
    const found = async (filters: Parameters<typeof t.store.reports.migrations>[0]) =>
      (await t.store.reports.migrations(filters)).map((row) => row.uuid);

    expect(await found({})).toEqual(['m-2', 'm-1']);
    expect(await found({ host: 'zone-b' })).toEqual(['m-2', 'm-1']);
    expect(await found({ source_compute: 'zone-b' })).toEqual(['m-2']);
    expect(await found({ status: ['finished', 'confirmed'] })).toEqual(['m-1']);
    expect(await found({ status: 'error', host: null })).toEqual(['m-2']);
    expect(await found({ migration_type: 'resize', instance_uuid: 'i-1', hidden: false })).toEqual(['m-1']);
    expect(await found({ migration_type: 'no such type' })).toEqual([]);
  });
});
