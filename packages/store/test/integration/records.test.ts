import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SetBandwidth } from '../../src/index.js';
import { aBandwidth, aMigration, anInstance, aTaskLog } from '../support/builders.js';
import { only, useTestStore } from '../support/test-store.js';

const t = useTestStore();

describe('a migration', () => {
  it('is recorded in the form of nova’s table', async () => {
    const uuid = randomUUID();
    const migration = aMigration(uuid, { sourceHost: 'zone-a', destHost: 'zone-b' });

    await t.store.commit({ writes: [migration] });

    expect(only(await t.store.migrations.of(uuid))).toMatchObject({
      uuid: migration.uuid,
      instance_uuid: uuid,
      migration_type: 'resize',
      status: 'migrating',
      source_compute: 'zone-a',
      source_node: 'zone-a',
      dest_compute: 'zone-b',
      dest_node: 'zone-b',
      old_instance_type_id: 6,
      new_instance_type_id: 7,
      hidden: false,
      created_at: expect.any(Date),
      updated_at: null,
    });
  });

  it('that is recorded again changes its status only', async () => {
    const uuid = randomUUID();
    const migration = aMigration(uuid);

    await t.store.commit({ writes: [migration] });
    await t.store.commit({ writes: [{ ...migration, status: 'finished', type: 'migration', destHost: 'zone-x' }] });

    expect(only(await t.store.migrations.of(uuid))).toMatchObject({
      status: 'finished',
      migration_type: 'resize',
      dest_compute: 'zone-a',
      updated_at: expect.any(Date),
    });
  });

  it('goes through its states, the last one said winning, and is listed newest first', async () => {
    const instanceUuid = randomUUID();
    const [first, second] = [aMigration(instanceUuid), aMigration(instanceUuid, { type: 'migration', destHost: null })];
    const status = (uuid: string, status: string) => ({ write: 'set-migration-status', uuid, status }) as const;

    await Promise.all([
      t.store.commit({ writes: [status(first.uuid, 'finished'), first] }),
      t.store.commit({ writes: [status(first.uuid, 'confirmed')] }),
    ]);
    await t.store.commit({ writes: [second, status(randomUUID(), 'unknown migrations are no error')] });

    const found = await t.store.migrations.of(instanceUuid);
    expect(found.map((row) => [row.uuid, row.status])).toEqual([
      [second.uuid, 'migrating'],
      [first.uuid, 'confirmed'],
    ]);
  });

  it('goes away with its instance and does not change any more', async () => {
    const instance = anInstance();
    const migration = aMigration(instance.uuid);
    await t.store.commit({ writes: [instance, migration] });

    await t.store.commit({ writes: [{ write: 'delete-instance', uuid: instance.uuid, at: new Date() }] });
    await t.store.commit({ writes: [{ ...migration, status: 'late' }] });
    await t.store.commit({ writes: [{ write: 'set-migration-status', uuid: migration.uuid, status: 'late' }] });

    expect(await t.store.migrations.of(instance.uuid)).toEqual([]);
    expect(await t.rows('select status from migrations where uuid = $1', [migration.uuid])).toEqual([{ status: 'migrating' }]);
  });
});

describe('bandwidth', () => {
  const startPeriod = new Date('2026-03-01T00:00:00Z');
  const of = (...uuids: string[]) => t.store.bandwidth.of(uuids, startPeriod);
  const set = (...writes: SetBandwidth[]) => t.store.commit({ writes });

  it('is kept for each interface and period', async () => {
    const [uuid, other] = [randomUUID(), randomUUID()];
    const [macA, macB] = ['fa:16:3e:00:00:0a', 'fa:16:3e:00:00:0b'];

    await set(
      aBandwidth(uuid, { mac: macB }),
      aBandwidth(uuid, { mac: macA, bytesIn: Number.MAX_SAFE_INTEGER }),
      aBandwidth(uuid, { mac: macA, startPeriod: new Date('2026-02-01T00:00:00Z') }),
      aBandwidth(other),
    );

    const found = await of(uuid);
    expect(found.map((row) => [row.mac, row.bw_in])).toEqual([
      [macA, Number.MAX_SAFE_INTEGER],
      [macB, 1000],
    ]);
    expect(found[1]).toEqual({
      uuid,
      mac: macB,
      start_period: startPeriod,
      bw_in: 1000,
      bw_out: 2000,
      last_ctr_in: 10,
      last_ctr_out: 20,
      last_refreshed: new Date('2026-03-02T00:00:00Z'),
    });
    expect(await of(uuid, other)).toHaveLength(3);
    expect(await of()).toEqual([]);
  });

  it('is replaced by a later reading, never by an earlier one', async () => {
    const uuid = randomUUID();
    const at = (day: number) => new Date(Date.UTC(2026, 2, day));

    await set(aBandwidth(uuid, { bytesIn: 5, at: at(5) }));
    await set(aBandwidth(uuid, { bytesIn: 7, lastCounterIn: 0, at: at(7) }));
    await set(aBandwidth(uuid, { bytesIn: 6, at: at(6) }));

    expect(only(await of(uuid))).toMatchObject({ bw_in: 7, last_ctr_in: 0, last_refreshed: at(7) });
  });

  it.each([
    { bytesIn: Number.NaN },
    { bytesOut: 1.5 },
    { lastCounterIn: -1 },
    { lastCounterOut: 2 ** 53 },
    { at: new Date('no date') },
  ])('%o is refused', async (change) => {
    const uuid = randomUUID();

    await expect(set(aBandwidth(uuid, change))).rejects.toMatchObject({ name: 'StoreError', kind: 'bad-value' });

    expect(await of(uuid)).toEqual([]);
  });
});

describe('the log of a task', () => {
  it('has one row for each host and period, which tells how far it is', async () => {
    const begun = aTaskLog({ host: 'zone-log' });
    const { begin, end, taskName } = begun;
    const find = () => t.store.reports.taskLog({ taskName, begin, end, host: 'zone-log' });

    await t.store.commit({ writes: [begun] });
    expect(only(await find())).toMatchObject({ state: 'RUNNING', message: 'begun', task_items: 3, errors: 0, updated_at: null });
    await t.store.commit({ writes: [{ ...begun, state: 'DONE', message: 'm'.repeat(300), items: 9, errors: 1 }] });

    expect(only(await find())).toMatchObject({
      task_name: taskName,
      host: 'zone-log',
      state: 'DONE',
      period_beginning: begin,
      period_ending: end,
      message: 'm'.repeat(255),
      task_items: 9,
      errors: 1,
      updated_at: expect.any(Date),
    });
  });

  it('keeps the order in which it was told', async () => {
    const begun = aTaskLog({ host: 'zone-order' });
    const states = ['RUNNING', 'DONE', 'RUNNING', 'ERROR'];

    await Promise.all(states.map((state) => t.store.commit({ writes: [{ ...begun, state }] })));

    const { taskName, begin, end, host } = begun;
    expect(only(await t.store.reports.taskLog({ taskName, begin, end, host })).state).toBe('ERROR');
  });

  it.each([{ items: -1 }, { errors: 0.5 }, { end: new Date(Number.NaN) }])('%o is refused', async (change) => {
    await expect(t.store.commit({ writes: [aTaskLog(change)] })).rejects.toMatchObject({ kind: 'bad-value' });
  });
});
