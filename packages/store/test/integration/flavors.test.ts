import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/index.js';
import { aFlavor } from '../support/builders.js';
import { useTestStore } from '../support/test-store.js';

const t = useTestStore();

const remember = (flavor: JsonObject) => t.store.commit({ writes: [{ write: 'remember-flavor', flavor }] });

describe('a flavor', () => {
  it('is remembered in the form of nova’s table, be it plain or an object, and follows changes', async () => {
    const flavor = { ...aFlavor, flavorid: 'f-1', memory_mb: 4096, extra_specs: { 'hw:cpu_policy': 'shared', old: '1' } };

    await remember(flavor);
    await remember(flavor);
    await remember({
      'nova_object.name': 'Flavor',
      'nova_object.data': { ...flavor, memory_mb: 8192, extra_specs: { 'hw:cpu_policy': 'shared' } },
    });

    const rows = await t.rows("select id, memory_mb from instance_types where flavorid = 'f-1'");
    expect(rows).toMatchObject([{ memory_mb: 8192 }]);
    const specs = await t.rows('select key, value from instance_type_extra_specs where instance_type_id = $1', [rows[0]?.id]);
    expect(specs).toEqual([{ key: 'hw:cpu_policy', value: 'shared' }]);
    expect(await t.store.flavorSizes()).toContainEqual({ memoryMb: 8192, diskGb: 20 });
  });

  it('is found by its flavorid as the parent has it, with the parent’s own id', async () => {
    const flavor = { ...aFlavor, flavorid: 'f-2', id: 4711, extra_specs: { 'aws:instance_type': 't3.small', count: '2' } };

    await remember(flavor);

    expect(await t.store.flavors.find('f-2')).toEqual(flavor);
    expect(await t.store.flavors.find('f-unknown')).toBeNull();
  });

  it('that the parent made anew under the same flavorid has its new id', async () => {
    await remember({ ...aFlavor, flavorid: 'f-3', id: 1 });
    await remember({ 'nova_object.name': 'Flavor', 'nova_object.data': { ...aFlavor, flavorid: 'f-3', id: 2 } });

    expect(await t.store.flavors.find('f-3')).toMatchObject({ id: 2, flavorid: 'f-3', extra_specs: {} });
  });

  it('is listed by name when it came with an id', async () => {
    const { id: _, ...nameless } = { ...aFlavor, flavorid: 'f-6', name: 'a0.first' };
    await remember({ ...aFlavor, flavorid: 'f-5', name: 'a0.second' });
    await remember(nameless);

    const listed = await t.store.flavors.list();

    expect(listed[0]).toEqual({ ...aFlavor, flavorid: 'f-5', name: 'a0.second' });
    expect(listed.map(({ flavorid }) => flavorid)).not.toContain('f-6');
  });

  it('that came without an id has none', async () => {
    const { id: _, ...flavor } = { ...aFlavor, flavorid: 'f-4' };

    await remember(flavor);

    expect(await t.store.flavors.find('f-4')).toEqual({ ...flavor, id: null });
  });
});
