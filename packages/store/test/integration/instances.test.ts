import { describe, expect, it } from '@jest/globals';
import type { InstanceColumns, Write } from '../../src/index.js';
import { aFlavor, anInstance } from '../support/builders.js';
import { useTestStore } from '../support/test-store.js';

const t = useTestStore();

async function insert(columns: InstanceColumns): Promise<string> {
  const instance = anInstance();
  await t.store.commit({ writes: [{ ...instance, columns: { ...instance.columns, ...columns } }] });
  return instance.uuid;
}

const HOSTS = [
  { host: 'zone-a', zone: 'a', hypervisorType: 'ec2', hypervisorVersion: 1, vcpus: 100, memoryMb: 100_000, localGb: 1000 },
  { host: 'zone-b', zone: 'b', hypervisorType: 'ec2', hypervisorVersion: 1, vcpus: 50, memoryMb: 50_000, localGb: 500 },
];

describe('usage', () => {
  it('is summed by host over what is not deleted', async () => {
    await insert({ host: 'zone-a', vm_state: 'active', power_state: 1, task_state: null, ephemeral_gb: 5 });
    await insert({ host: 'zone-a', vm_state: 'stopped', power_state: 4, task_state: 'powering-on' });
    await insert({ vm_state: 'building', task_state: 'scheduling' });
    const gone = await insert({ host: 'zone-b' });
    await t.store.commit({ writes: [{ write: 'delete-instance', uuid: gone, at: new Date() }] });

    expect(await t.store.instances.usage()).toEqual([
      { host: 'zone-a', instances: 2, running: 1, building: 0, vcpus: 2, memoryMb: 4096, diskGb: 45, busy: 1 },
      { host: null, instances: 1, running: 0, building: 1, vcpus: 1, memoryMb: 2048, diskGb: 20, busy: 1 },
    ]);
  });

  it('is counted into the compute nodes', async () => {
    await t.store.hosts.ensure(HOSTS);

    const [a, b] = await t.store.hosts.computeNodes();

    expect(a).toMatchObject({ host: 'zone-a', vcpus: 100, vcpus_used: 2, memory_mb_used: 4096, free_ram_mb: 95_904 });
    expect(a).toMatchObject({ local_gb_used: 45, free_disk_gb: 955, running_vms: 2, current_workload: 1 });
    expect(b).toMatchObject({ host: 'zone-b', vcpus_used: 0, running_vms: 0, free_ram_mb: 50_000 });
  });
});

describe('hosts', () => {
  it('keep their ids, uuids and what operators set when they are refreshed', async () => {
    await t.store.hosts.ensure(HOSTS);
    const before = await t.store.hosts.computeNodes();
    await t.store.hosts.setDisabled('zone-a', 'nova-compute', true, 'drained');

    await t.store.hosts.ensure(HOSTS.map((host) => ({ ...host, vcpus: 7 })));

    const after = await t.store.hosts.computeNodes();
    expect(after.map((node) => [node.id, node.uuid, node.vcpus])).toEqual(before.map((node) => [node.id, node.uuid, 7]));
    const [service] = await t.store.hosts.services({ host: 'zone-a' });
    expect(service).toMatchObject({ disabled: true, disabled_reason: 'drained', topic: 'compute', binary: 'nova-compute' });
    expect(service?.last_seen_up?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('say which version of nova’s services they stand for', async () => {
    await t.store.hosts.ensure(HOSTS.map((host) => ({ ...host, serviceVersion: 30 })));
    expect((await t.store.hosts.services()).map((service) => service.version)).toEqual([30, 30]);

    await t.store.hosts.ensure(HOSTS.map((host) => ({ ...host, serviceVersion: 35 })));
    expect((await t.store.hosts.services()).map((service) => service.version)).toEqual([35, 35]);

    await t.store.hosts.ensure(HOSTS);
    expect((await t.store.hosts.services()).map((service) => service.version)).toEqual([0, 0]);
  });

  it('can be made by several replicas at once', async () => {
    const other = await t.another();

    await Promise.all([t.store, other, t.store, other].map((store) => store.hosts.ensure(HOSTS)));

    expect(await t.store.hosts.services()).toHaveLength(2);
  });

  it('are found by part of their name, by id and by uuid', async () => {
    await t.store.hosts.ensure(HOSTS);
    const [node] = await t.store.hosts.computeNodes('e-b');

    expect(node?.host).toBe('zone-b');
    expect(await t.store.hosts.computeNodes('%')).toEqual([]);
    expect(await t.store.hosts.computeNode(String(node?.id))).toEqual(node);
    expect(await t.store.hosts.computeNode(node?.uuid ?? '')).toEqual(node);
    expect(await t.store.hosts.computeNode('999999')).toBeNull();
  });

  it('are enabled, forced down, and unknown ones answer null', async () => {
    await t.store.hosts.ensure(HOSTS);

    const enabled = await t.store.hosts.setDisabled('zone-a', 'nova-compute', false, 'ignored');
    expect(enabled).toMatchObject({ disabled: false, disabled_reason: null });
    expect(await t.store.hosts.setForcedDown('zone-a', 'nova-compute', true)).toMatchObject({ forced_down: true });
    expect(await t.store.hosts.setDisabled('nowhere', 'nova-compute', true, null)).toBeNull();
    expect((await t.store.hosts.services({ disabled: true })).map((service) => service.host)).not.toContain('zone-a');
  });

  it('that are no longer named are soft-deleted, and may come back as new ones', async () => {
    await t.store.hosts.ensure(HOSTS);
    const [old] = await t.store.hosts.services({ host: 'zone-b' });

    await t.store.hosts.ensure(HOSTS.slice(0, 1));
    expect((await t.store.hosts.services()).map((service) => service.host)).toEqual(['zone-a']);
    expect((await t.store.hosts.computeNodes()).map((node) => node.host)).toEqual(['zone-a']);

    await t.store.hosts.ensure(HOSTS);
    const [back] = await t.store.hosts.services({ host: 'zone-b' });
    expect(back?.id).not.toBe(old?.id);
  });

  it('lose a service that an operator deletes', async () => {
    await t.store.hosts.ensure(HOSTS);
    const [service] = await t.store.hosts.services({ host: 'zone-b' });

    expect(await t.store.hosts.deleteService(service?.id ?? 0)).toBe(true);
    expect(await t.store.hosts.deleteService(service?.id ?? 0)).toBe(false);
  });
});

describe('a sweep over the live instances', () => {
  it('meets each once, page by page, and none that is deleted', async () => {
    const uuids: string[] = [];
    for (let index = 0; index < 5; index += 1) uuids.push(await insert({ host: 'zone-a', vm_state: 'active' }));
    const [deleted = '', ...alive] = uuids;
    await t.store.commit({ writes: [{ write: 'delete-instance', uuid: deleted, at: new Date() }] });

    const swept: string[] = [];
    for (let afterId = 0; ; ) {
      const page = await t.store.instances.list({ afterId, limit: 2 });
      swept.push(...page.map((row) => row.uuid));
      afterId = page.at(-1)?.id ?? 0;
      if (page.length < 2) break;
    }

    expect(swept.slice(-alive.length)).toEqual(alive);
    expect(new Set(swept).size).toBe(swept.length);
    const last = (await t.store.instances.list({ limit: 1000 })).at(-1);
    expect(last).toEqual({ id: expect.any(Number), uuid: alive.at(-1), host: 'zone-a', vm_state: 'active', updated_at: null });
  });
});

describe('what changed', () => {
  it.each<[string, (uuid: string) => Write]>([
    ['addresses', (uuid) => ({ write: 'set-network-info', uuid, networkInfo: [{ id: 'port' }] })],
    ['flavors', (uuid) => ({ write: 'set-flavors', uuid, flavor: aFlavor, oldFlavor: aFlavor, newFlavor: null })],
    ['metadata', (uuid) => ({ write: 'set-metadata', uuid, values: { a: '1' }, replace: false })],
    ['lost metadata', (uuid) => ({ write: 'delete-metadata', uuid, keys: ['a'] })],
    ['system metadata', (uuid) => ({ write: 'set-system-metadata', uuid, values: { a: '1' }, replace: false })],
  ])('has the instance with new %s', async (name, change) => {
    const project = `touched by ${name}`;
    const [touched, other] = [await insert({ project_id: project }), await insert({ project_id: project })];
    await t.rows("update instances set created_at = timezone('utc', now()) - interval '1 day' where project_id = $1", [project]);
    const since = new Date(Date.now() - 3_600_000);

    await t.store.commit({ writes: [change(touched)] });

    const found = await t.store.instances.changed({ projectId: project, since, deleted: false, limit: 10 });
    expect(found.map((row) => row.uuid)).toEqual([touched]);
    expect((await t.store.instances.views([other])).get(other)?.updated_at).toBeNull();
  });

  it('is paged by id, since a time, of a project, with or without deleted ones', async () => {
    const project = 'paged';
    const uuids: string[] = [];
    for (let index = 0; index < 5; index += 1) uuids.push(await insert({ project_id: project }));
    await t.rows("update instances set created_at = timezone('utc', now()) - interval '1 day' where project_id = $1", [project]);
    const [touched = '', deleted = ''] = uuids;
    await t.store.commit({
      writes: [
        { write: 'patch-instance', uuid: touched, set: { vm_state: 'active' } },
        { write: 'delete-instance', uuid: deleted, at: new Date() },
      ],
    });
    const since = new Date(Date.now() - 3_600_000);
    const found = async (query: Parameters<typeof t.store.instances.changed>[0]) =>
      (await t.store.instances.changed({ projectId: project, ...query })).map((row) => row.uuid);

    expect(await found({ deleted: false, limit: 10 })).toEqual(uuids.filter((uuid) => uuid !== deleted));
    expect(await found({ deleted: true, limit: 10 })).toEqual(uuids);
    expect(await found({ since, deleted: false, limit: 10 })).toEqual([touched]);
    expect(await found({ since, deleted: true, limit: 10 })).toEqual([touched, deleted]);
    const page = await t.store.instances.changed({ projectId: project, deleted: true, limit: 2 });
    expect(page).toMatchObject([{ deleted: false }, { deleted: true }]);
    expect(await found({ deleted: true, limit: 10, afterId: page[1]?.id ?? 0 })).toEqual(uuids.slice(2));
  });
});
