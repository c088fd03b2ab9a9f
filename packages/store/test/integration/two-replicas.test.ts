import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aBlockDevice, anInstance, anOperation } from '../support/builders.js';
import { until, useTestStore } from '../support/test-store.js';

const t = useTestStore();

/** Whether the work is held up by a lock of ours, or came through. Here the other replica is a session of SQL. */
async function heldUp(work: Promise<unknown>): Promise<'waits' | 'came through'> {
  let isSettled = false;
  void work
    .catch(() => {})
    .then(() => {
      isSettled = true;
    });
  let isWaiting = false;
  await until(async () => {
    const waiting = await t.rows(`select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where not l.granted and a.datname = current_database()`);
    isWaiting = waiting.length > 0;
    return isWaiting || isSettled;
  });
  return isWaiting ? 'waits' : 'came through';
}

afterEach(async () => {
  await t.rows('rollback');
});

describe('what another replica is about to commit', () => {
  it('is waited for by a guard, which then judges the new state', async () => {
    const { uuid, ...instance } = anInstance();
    await t.store.commit({ writes: [{ ...instance, uuid }] });
    await t.rows('begin');
    await t.rows("update instances set task_state = 'deleting' where uuid = $1", [uuid]);

    const commit = t.store.commit({ guards: [{ guard: 'instance-in', uuid, taskStates: ['scheduling'] }], writes: [] });

    expect(await heldUp(commit)).toBe('waits');
    await t.rows('commit');
    expect(await commit).toBe('conflict');
  });

  it('is waited for by an operation that joins: ids are in the order in which they become visible', async () => {
    const uuid = randomUUID();
    const other = await t.another();
    await t.store.commit({ writes: [anOperation(uuid, { verb: 'first' })] });
    // An operation that was given its id and is not committed yet.
    await t.rows('begin');
    await t.rows('select pg_advisory_xact_lock(25205, hashtext($1))', [uuid]);
    await t.rows(
      `insert into operations (instance_uuid, verb, cause, parameters, origin, deadline, due_at)
       values ($1, 'second', 'c', '{}', '{}', now(), now())`,
      [uuid],
    );

    const commit = other.commit({ writes: [anOperation(uuid, { verb: 'third' })] });

    expect(await heldUp(commit)).toBe('waits');
    await t.rows('commit');
    expect(await commit).toBe('done');
    expect((await t.store.operations.pending(uuid)).map((row) => row.verb)).toEqual(['first', 'second', 'third']);
  });

  it('is waited for by metadata of the same instance, so that no key is there twice', async () => {
    const instance = anInstance();
    const { uuid } = instance;
    await t.store.commit({ writes: [instance] });
    await t.rows('begin');
    await t.rows('select 1 from instances where uuid = $1 for update', [uuid]);
    await t.rows("insert into instance_metadata (instance_uuid, key, value) values ($1, 'key', 'theirs')", [uuid]);

    const commit = t.store.commit({ writes: [{ write: 'set-metadata', uuid, values: { key: 'ours' }, replace: false }] });

    expect(await heldUp(commit)).toBe('waits');
    await t.rows('commit');
    await commit;
    expect(await t.rows('select value from instance_metadata where instance_uuid = $1', [uuid])).toEqual([{ value: 'ours' }]);
  });

  it('is waited for by a block device of the same instance, so that no volume is there twice', async () => {
    const instance = anInstance();
    const { uuid } = instance;
    await t.store.commit({ writes: [instance] });
    await t.rows('begin');
    await t.rows('select 1 from instances where uuid = $1 for update', [uuid]);
    await t.rows("insert into block_device_mapping (instance_uuid, uuid, volume_id) values ($1, gen_random_uuid(), 'v')", [uuid]);

    const device = aBlockDevice({ volume_id: 'v', device_name: '/dev/vdb' });
    const commit = t.store.commit({ writes: [{ write: 'set-block-device', uuid, device }] });

    expect(await heldUp(commit)).toBe('waits');
    await t.rows('commit');
    await commit;
    expect((await t.store.instances.blockDevices(uuid)).map((row) => row.device_name)).toEqual(['/dev/vdb']);
  });
});
