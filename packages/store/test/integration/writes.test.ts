import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { InstanceView, Write } from '../../src/index.js';
import { aBlockDevice, aFlavor, aLook, anAction, anInstance, anOperation, aProviderInstance } from '../support/builders.js';
import { only, useTestStore } from '../support/test-store.js';

const t = useTestStore();

const write = (...writes: Write[]) => t.store.commit({ writes });

async function view(uuid: string): Promise<InstanceView> {
  const found = (await t.store.instances.views([uuid])).get(uuid);
  if (found === undefined) throw new Error(`no instance ${uuid}`);
  return found;
}

describe('an instance', () => {
  it('comes back as it was inserted, with all that belongs to it', async () => {
    const instance = anInstance({
      metadata: { role: 'web' },
      systemMetadata: { image_os: 'linux', empty: null },
      blockDevices: [aBlockDevice({ device_name: '/dev/vdb', boot_index: 1 }), aBlockDevice({ boot_index: 0 })],
      networkInfo: [{ id: 'port', network: { label: 'vpc' } }],
    });

    await write(instance);

    expect(await view(instance.uuid)).toMatchObject({
      ...instance.columns,
      uuid: instance.uuid,
      deleted: 0,
      metadata: { role: 'web' },
      system_metadata: { image_os: 'linux', empty: null },
      network_info: [{ id: 'port', network: { label: 'vpc' } }],
      flavor: aFlavor,
      old_flavor: null,
      new_flavor: null,
      locked: false,
      cleaned: 0,
    });
    const devices = await t.store.instances.blockDevices(instance.uuid);
    expect(devices.map((device) => device.device_name)).toEqual(['/dev/vda', '/dev/vdb']);
  });

  it('that is known is not inserted again, nor are its children', async () => {
    const instance = anInstance({ metadata: { role: 'web' }, blockDevices: [aBlockDevice()] });

    await write(instance);
    await write({ ...instance, columns: { display_name: 'other' }, metadata: { another: 'key' } });

    expect(await view(instance.uuid)).toMatchObject({ display_name: 'web', metadata: { role: 'web' } });
    expect(await t.store.instances.blockDevices(instance.uuid)).toHaveLength(1);
  });

  it('that is unknown is missing among the views', async () => {
    expect(await t.store.instances.views([randomUUID()])).toEqual(new Map());
  });

  it('is patched in the columns that are named, and says when', async () => {
    const { uuid } = await inserted();

    await write({ write: 'patch-instance', uuid, set: { vm_state: 'active', task_state: null, access_ip_v4: '10.1.2.3' } });

    const after = await view(uuid);
    expect(after).toMatchObject({ vm_state: 'active', task_state: null, access_ip_v4: '10.1.2.3', display_name: 'web' });
    expect(after.updated_at?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('that is unknown is patched without an error', async () => {
    const patch: Write = { write: 'patch-instance', uuid: randomUUID(), set: { vm_state: 'active' } };

    await expect(write(patch)).resolves.toBe('done');
  });

  it('gets new addresses and flavors', async () => {
    const { uuid } = await inserted();

    await write(
      { write: 'set-network-info', uuid, networkInfo: [{ address: '10.0.0.1' }] },
      { write: 'set-flavors', uuid, flavor: { id: 1 }, oldFlavor: { id: 1 }, newFlavor: { id: 2 } },
    );

    const { network_info, flavor, old_flavor, new_flavor } = await view(uuid);
    expect(network_info).toEqual([{ address: '10.0.0.1' }]);
    expect([flavor, old_flavor, new_flavor]).toEqual([{ id: 1 }, { id: 1 }, { id: 2 }]);
  });

  it.each([
    { replace: false, wanted: { a: '1', b: 'new', c: '3' } },
    { replace: true, wanted: { b: 'new', c: '3' } },
  ])('gets metadata, replacing the rest: $replace', async ({ replace, wanted }) => {
    const { uuid } = await inserted({ metadata: { a: '1', b: '2' }, systemMetadata: { a: '1', b: '2' } });
    const values = { b: 'new', c: '3' };

    await write({ write: 'set-metadata', uuid, values, replace }, { write: 'set-system-metadata', uuid, values, replace });

    expect(await view(uuid)).toMatchObject({ metadata: wanted, system_metadata: wanted });
    expect((await view(uuid)).metadata).toEqual(wanted);
  });

  it('gets a metadata key once, though two replicas set it at the same moment', async () => {
    const { uuid } = await inserted();
    const other = await t.another();
    const set: Write = { write: 'set-metadata', uuid, values: { key: 'value' }, replace: false };

    await Promise.all([t.store, other, t.store, other].map((store) => store.commit({ writes: [set] })));

    const rows = await t.rows('select 1 from instance_metadata where instance_uuid = $1 and deleted = 0', [uuid]);
    expect(rows).toHaveLength(1);
  });

  it('loses metadata keys as nova deletes them', async () => {
    const { uuid } = await inserted({ metadata: { a: '1', b: '2' } });

    await write({ write: 'delete-metadata', uuid, keys: ['a', 'unknown'] });

    expect((await view(uuid)).metadata).toEqual({ b: '2' });
    const rows = await t.rows("select deleted = id as gone from instance_metadata where instance_uuid = $1 and key = 'a'", [
      uuid,
    ]);
    expect(rows).toEqual([{ gone: true }]);
  });
});

describe('a deleted instance', () => {
  it('is soft-deleted as nova does it, with its children', async () => {
    const { uuid } = await inserted({ metadata: { a: '1' }, systemMetadata: { b: '2' }, blockDevices: [aBlockDevice()] });
    const at = new Date('2026-01-02T03:04:05.678Z');

    await write({ write: 'delete-instance', uuid, at });

    const gone = await view(uuid);
    expect(gone).toMatchObject({ deleted: gone.id, deleted_at: at, terminated_at: at, vm_state: 'deleted', task_state: null });
    expect(gone).toMatchObject({ metadata: { a: '1' }, system_metadata: { b: '2' } });
    for (const table of [
      'instance_metadata',
      'instance_system_metadata',
      'instance_info_caches',
      'block_device_mapping',
      'instance_extra',
    ]) {
      const rows = await t.rows(`select deleted = id as gone, deleted_at from ${table} where instance_uuid = $1`, [uuid]);
      expect(rows).toEqual([{ gone: true, deleted_at: expect.any(Date) }]);
    }
    expect(await t.store.instances.blockDevices(uuid)).toEqual([]);
  });

  it('keeps its actions', async () => {
    const { uuid } = await inserted();
    await write(anAction(uuid), { write: 'delete-instance', uuid, at: new Date() });

    expect(await t.store.actions.of(uuid)).toHaveLength(1);
  });

  it('does not change any more, nor is it deleted again', async () => {
    const { uuid } = await inserted();
    const at = new Date('2026-01-02T03:04:05.678Z');
    await write({ write: 'delete-instance', uuid, at });

    await write({ write: 'patch-instance', uuid, set: { vm_state: 'active' } });
    await write({ write: 'delete-instance', uuid, at: new Date() });

    expect(await view(uuid)).toMatchObject({ vm_state: 'deleted', deleted_at: at });
  });
});

describe('an action', () => {
  it('is found by its request, finished once, and is `Error` where it failed', async () => {
    const { uuid } = await inserted();
    const action = anAction(uuid, { action: 'stop' });
    const finish: Write = { write: 'finish-action', uuid, action: 'stop', requestId: action.requestId, message: 'Error' };

    await write(action);
    await write(finish);
    await write({ ...finish, message: null });

    const found = await t.store.actions.byRequest(uuid, action.requestId);
    expect(found).toMatchObject({ action: 'stop', message: 'Error', start_time: action.at, finish_time: expect.any(Date) });
    expect(await t.store.actions.byRequest(uuid, 'req-other')).toBeNull();
  });

  it('has an event that is begun and finished', async () => {
    const { uuid } = await inserted();
    const action = anAction(uuid);
    const event = {
      write: 'add-action-event',
      uuid,
      requestId: action.requestId,
      event: 'compute_stop',
      host: 'zone-a',
    } as const;
    const [startedAt, finishedAt] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:09Z')];

    await write(action, { ...event, startedAt, finishedAt: null, result: null, details: null });
    await write({ ...event, startedAt: finishedAt, finishedAt, result: 'Error', details: 'it broke' });

    const { id } = only(await t.store.actions.of(uuid));
    expect(only(await t.store.actions.events(id))).toMatchObject({
      event: 'compute_stop',
      start_time: startedAt,
      finish_time: finishedAt,
      result: 'Error',
      details: 'it broke',
      host: 'zone-a',
    });
  });

  it('that is unknown takes no event', async () => {
    const { uuid } = await inserted();
    const event = { event: 'x', startedAt: new Date(), finishedAt: null, result: null, details: null, host: null };

    await expect(write({ write: 'add-action-event', uuid, requestId: 'req-none', ...event })).resolves.toBe('done');
  });
});

describe('a launch', () => {
  it('is recorded once for each token, for all its members', async () => {
    const members = [randomUUID(), randomUUID()];
    const token = randomUUID();
    const launch = {
      write: 'record-launch',
      token,
      members,
      attempt: 1,
      offering: { zone: 'a' },
      parameters: { b: 1, a: 2 },
    } as const;

    await write(launch);
    await write({ ...launch, parameters: { other: true } });

    for (const uuid of members) {
      const found = only(await t.store.launches.of(uuid));
      expect(found).toMatchObject({ token, members, parameters: { b: 1, a: 2 }, outcome: 'intended' });
      expect(JSON.stringify(found.parameters)).toBe('{"b":1,"a":2}');
    }
  });

  it('is settled', async () => {
    const uuid = randomUUID();
    await write({ write: 'record-launch', token: `t-${uuid}`, members: [uuid], attempt: 1, offering: {}, parameters: {} });

    await write({ write: 'settle-launch', token: `t-${uuid}`, outcome: 'refused', reason: 'no room' });

    expect(only(await t.store.launches.of(uuid)).outcome).toBe('refused');
  });
});

describe('a provider instance', () => {
  it('is replaced by what is known now, and keeps when it was first seen', async () => {
    const uuid = randomUUID();
    await write(aProviderInstance(uuid, { state: 'pending', nextLookAt: new Date() }));
    const first = (await t.store.providerInstances.of([uuid])).get(uuid);

    await write(aProviderInstance(uuid, { state: 'running' }));

    const now = (await t.store.providerInstances.of([uuid])).get(uuid);
    expect(now).toMatchObject({ state: 'running', nextLookAt: null, createdAt: first?.createdAt });
    const byId = await t.store.providerInstances.byProviderIds([now?.providerId ?? '']);
    expect([...byId.values()]).toEqual([now]);
  });

  it('stays adopted through looks and orders, until another machine takes its place', async () => {
    const uuid = randomUUID();
    const adopted = async () => (await t.store.providerInstances.of([uuid])).get(uuid)?.adopted;

    await write(aProviderInstance(uuid, { adopted: 'protected' }));
    await write(aLook(uuid, { state: 'stopped' }));
    await write(aProviderInstance(uuid, { state: 'running' }));
    expect(await adopted()).toBe('protected');
    await write(aProviderInstance(uuid, { providerId: 'i-launched' }));

    expect(await adopted()).toBeNull();
  });

  it('is not overwritten by a look that began before it was replaced, or before something was ordered of it', async () => {
    const uuid = randomUUID();
    const old = aProviderInstance(uuid, { providerId: 'i-old', state: 'terminating', nextLookAt: new Date(1) });
    const look = (before: typeof old, change: Partial<typeof old>) =>
      write({ ...before, ...change, write: 'observe-provider-instance', before });
    const row = async () => (await t.store.providerInstances.of([uuid])).get(uuid);

    await write(old);
    await look(old, { nextLookAt: new Date(2) });
    expect(await row()).toMatchObject({ state: 'terminating', nextLookAt: new Date(2) });
    await look(old, { state: 'terminated', nextLookAt: null });
    expect(await row()).toMatchObject({ state: 'terminating', nextLookAt: new Date(2) });
    await write(aProviderInstance(uuid, { providerId: 'i-new', state: 'terminating', nextLookAt: new Date(2) }));
    await look({ ...old, nextLookAt: new Date(2) }, { state: 'terminated', nextLookAt: null });
    expect(await row()).toMatchObject({ providerId: 'i-new', state: 'terminating', nextLookAt: new Date(2) });
  });

  it('is due at once when it is to be looked at soon, unless another machine has its place', async () => {
    const [rested, later, replaced] = [randomUUID(), randomUUID(), randomUUID()];
    const future = new Date(Date.now() + 60_000);
    await write(
      aProviderInstance(rested, { providerId: 'i-1', nextLookAt: null }),
      aProviderInstance(later, { providerId: 'i-2', nextLookAt: future }),
      aProviderInstance(replaced, { providerId: 'i-new', nextLookAt: null }),
    );

    await write(
      { write: 'look-soon', uuid: rested, providerId: 'i-1' },
      { write: 'look-soon', uuid: later, providerId: 'i-2' },
      { write: 'look-soon', uuid: replaced, providerId: 'i-old' },
    );

    const due = await t.store.providerInstances.due(100);
    expect(due.map((row) => row.uuid)).toEqual(expect.arrayContaining([rested, later]));
    expect((await t.store.providerInstances.of([replaced])).get(replaced)?.nextLookAt).toBeNull();
  });

  it('takes what a look at it saw that was to come soon, and not what one that began before saw', async () => {
    const uuid = randomUUID();
    const rested = aProviderInstance(uuid, { nextLookAt: null });
    const row = async () => (await t.store.providerInstances.of([uuid])).get(uuid);
    const look = (before: { state: string; nextLookAt: Date | null }) =>
      write({ ...rested, state: 'stopped', write: 'observe-provider-instance', before });
    await write(rested, { write: 'look-soon', uuid, providerId: rested.providerId });
    const due = await row();
    if (due === undefined) throw new Error('no row');

    await look(rested);
    expect(await row()).toMatchObject({ state: rested.state });
    await look(due);
    expect(await row()).toMatchObject({ state: 'stopped', nextLookAt: null });
  });

  it('is due when its time to be looked at has come', async () => {
    const [past, future] = [randomUUID(), randomUUID()];
    await write(
      aProviderInstance(past, { nextLookAt: new Date(Date.now() - 1000) }),
      aProviderInstance(future, { nextLookAt: new Date(Date.now() + 60_000) }),
    );

    const due = (await t.store.providerInstances.due(100)).map((row) => row.uuid);
    expect(due).toContain(past);
    expect(due).not.toContain(future);
    expect(await t.store.providerInstances.nextDueMs()).toBe(0);
  });

  it('is met once by a sweep over all of them, page by page', async () => {
    await write(...Array.from({ length: 5 }, () => aProviderInstance(randomUUID())));
    const known = await t.rows<{ uuid: string }>('select uuid from provider_instances order by uuid');

    const swept: string[] = [];
    for (let after = ''; ; ) {
      const page = await t.store.providerInstances.all({ after, limit: 2 });
      swept.push(...page.map((row) => row.uuid));
      after = swept.at(-1) ?? '';
      if (page.length < 2) break;
    }

    expect(swept).toEqual(known.map((row) => row.uuid));
    expect(await t.store.providerInstances.all({ limit: 1 })).toMatchObject([{ uuid: swept[0], observed: expect.any(Object) }]);
  });
});

describe('a rejected delivery', () => {
  it('is kept with its reason, newest first', async () => {
    const rejected = { method: null, messageUuid: null, routingKey: 'cells.intercell', body: '{"x":', bodyBytes: 5_000_000_000 };

    await write({ write: 'reject', reason: 'bad-json', detail: 'first', ...rejected });
    await write({ write: 'reject', reason: 'bad-json', detail: 'second', ...rejected });

    expect(await t.store.rejected.count()).toBe(2);
    expect((await t.store.rejected.list(1)).map((row) => row.detail)).toEqual(['second']);
  });
});

describe('what is past keeping', () => {
  const later = new Date(Date.now() + 30 * 24 * 3_600_000);

  it('is purged, and nothing that is still needed', async () => {
    const [dead, alive, busy] = await Promise.all([inserted(), inserted(), inserted()]);
    for (const { uuid } of [dead, alive, busy]) {
      await write(
        { write: 'record-launch', token: `t-${uuid}`, members: [uuid], attempt: 1, offering: {}, parameters: {} },
        aProviderInstance(uuid),
      );
    }
    await write(
      { write: 'delete-instance', uuid: dead.uuid, at: new Date() },
      { write: 'delete-instance', uuid: busy.uuid, at: new Date() },
    );
    await write(anOperation(busy.uuid, { verb: 'delete' }));
    await t.store.commit({ guards: [{ guard: 'new-message', uuid: 'seen', method: 'm' }], writes: [] });

    expect(await t.store.purge(new Date())).toBe(0);
    expect(await t.store.purge(later)).toBeGreaterThan(0);

    const launched = await Promise.all([dead, alive, busy].map(async ({ uuid }) => (await t.store.launches.of(uuid)).length));
    expect(launched).toEqual([0, 1, 1]);
    expect(await t.store.providerInstances.of([dead.uuid])).toEqual(new Map());
    expect(await t.store.operations.pending(busy.uuid)).toHaveLength(1);
    expect(await t.rows('select 1 from inbox')).toEqual([]);
    expect(await t.store.rejected.count()).toBe(0);
    expect((await view(dead.uuid)).deleted).toBeGreaterThan(0);
  });
});

async function inserted(change: Parameters<typeof anInstance>[0] = {}): Promise<{ uuid: string }> {
  const instance = anInstance(change);
  await write(instance);
  return instance;
}
