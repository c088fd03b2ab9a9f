import { describe, expect, it } from '@jest/globals';
import {
  dataOf,
  dialectOf,
  encodeInstanceDestroy,
  encodeInstanceUpdate,
  type InstanceReport,
  type JsonObject,
  judgeUp,
  parseJson,
  RELEASES,
  type Release,
} from '../src/index.js';
import { aFlavor, aReport, aVif, DICT_RELEASES, FLAVOR_METADATA, OBJECT_RELEASES, UUID } from './builders.js';

function instanceOf(release: Release, report: InstanceReport): JsonObject {
  return encodeInstanceUpdate(dialectOf(release), report).methodKwargs.instance as JsonObject;
}

/** A report as code without types could hand it over. */
function untyped(extra: Record<string, unknown>): InstanceReport {
  return { ...aReport(), ...extra } as InstanceReport;
}

const forbidden = (text: RegExp): unknown => expect.objectContaining({ kind: 'forbidden', message: expect.stringMatching(text) });

describe('the update that a finished build needs', () => {
  it.each(DICT_RELEASES)('is one dict for %s, times with six digits and no zone, addresses as text', (release) => {
    expect(instanceOf(release, aReport())).toEqual({
      uuid: UUID,
      vm_state: 'active',
      task_state: null,
      power_state: 1,
      host: 'ec2-az1',
      node: 'ec2-az1',
      launched_at: '2026-01-02T03:04:05.678000',
      launched_on: 'ec2-az1',
      availability_zone: 'az1',
      root_device_name: '/dev/vda',
      info_cache: { network_info: expect.stringContaining('10.0.0.5') },
    });
  });

  it.each(OBJECT_RELEASES)('is one Instance for %s, with every reported field in its changes', (release) => {
    const instance = instanceOf(release, aReport());

    expect(instance).toMatchObject({
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': dialectOf(release).instanceVersion,
    });
    expect(dataOf(instance)).toMatchObject({
      uuid: UUID,
      id: 41,
      vm_state: 'active',
      task_state: null,
      launched_at: '2026-01-02T03:04:05Z',
    });
    expect([...(instance['nova_object.changes'] as string[])].sort()).toEqual(
      Object.keys(dataOf(instance) ?? {})
        .filter((name) => name !== 'uuid' && name !== 'id')
        .sort(),
    );
  });

  it.each(OBJECT_RELEASES)('saves the addresses at %s because info_cache has changes of its own', (release) => {
    const cache = dataOf(instanceOf(release, aReport()))?.info_cache as JsonObject;

    expect(cache['nova_object.changes']).toEqual(['network_info']);
    expect(parseJson(String(dataOf(cache)?.network_info))).toEqual([aVif()]);
  });

  it.each(RELEASES)('breaks no rule of a %s parent', (release) => {
    expect(judgeUp(dialectOf(release), encodeInstanceUpdate(dialectOf(release), aReport()))).toEqual([]);
  });

  it('is sparse: what is not reported is not sent', () => {
    expect(instanceOf('kilo', { uuid: UUID, id: 1, vm_state: 'building', host: 'h' })).toEqual({
      uuid: UUID,
      vm_state: 'building',
      host: 'h',
    });
  });

  it('says that there are no addresses as a text too', () => {
    expect(instanceOf('havana', aReport({ network_info: [] })).info_cache).toEqual({ network_info: '[]' });
  });
});

describe('what would harm the parent is never sent', () => {
  it.each([
    'deleted',
    'deleted_at',
    'numa_topology',
    'pci_devices',
    'extra',
    'fault',
    'services',
    'metadata',
    'security_groups',
    'cell_name',
    'created_at',
  ])('%s, whatever its value', (key) => {
    for (const release of RELEASES) {
      for (const value of [null, false, 0, {}]) {
        expect(() => instanceOf(release, untyped({ [key]: value }))).toThrow(forbidden(/is never reported/));
      }
    }
  });

  it.each(OBJECT_RELEASES)(
    'an Instance for %s that could make a ghost: id is always in data, and neither id nor uuid in changes',
    (release) => {
      const instance = instanceOf(release, { uuid: UUID, id: 9, vm_state: 'error' });

      expect(dataOf(instance)?.id).toBe(9);
      expect(instance['nova_object.changes']).toEqual(['vm_state']);
      expect(() => instanceOf(release, untyped({ id: undefined }))).toThrow(forbidden(/our own row id/));
      expect(() => instanceOf(release, aReport({ id: 0 }))).toThrow(forbidden(/our own row id/));
    },
  );

  it.each(['grizzly', 'havana', 'icehouse', 'juno'] as const)(
    'system_metadata for %s without the whole flavor: it replaces the set',
    (release) => {
      for (const key of Object.keys(FLAVOR_METADATA)) {
        const { [key as 'instance_type_id']: _gone, ...partial } = FLAVOR_METADATA;
        expect(() => instanceOf(release, aReport({ system_metadata: partial }))).toThrow(
          forbidden(new RegExp(`flavor-keys.*${key}`)),
        );
      }
      expect(instanceOf(release, aReport({ system_metadata: FLAVOR_METADATA })).system_metadata).toEqual(FLAVOR_METADATA);
    },
  );

  it.each(['kilo', ...OBJECT_RELEASES] as const)('system_metadata for %s needs no flavor keys', (release) => {
    expect(() => instanceOf(release, aReport({ system_metadata: { owner_user_name: 'x', image_min_disk: '1' } }))).not.toThrow();
  });

  it.each(RELEASES)('network_info for %s that its API could not walk through', (release) => {
    for (const network_info of [
      '',
      null,
      {},
      [null],
      [{}],
      [{ network: {} }],
      [{ network: { subnets: [{}] } }],
      [{ network: { subnets: [{ ips: [{}] }] } }],
    ]) {
      expect(() => instanceOf(release, untyped({ network_info }))).toThrow();
    }
  });

  it.each(RELEASES)('a vm_state that %s shows as UNKNOWN', (release) => {
    for (const vm_state of ['ACTIVE', 'running', 'soft_delete', '', null]) {
      expect(() => instanceOf(release, untyped({ vm_state }))).toThrow(forbidden(/vm-state/));
    }
  });

  it.each(RELEASES)('vm_state building with a launched_at for %s: it was active before', (release) => {
    expect(() => instanceOf(release, aReport({ vm_state: 'building' }))).toThrow(forbidden(/building-again/));
    expect(() => instanceOf(release, aReport({ vm_state: 'building', launched_at: null }))).not.toThrow();
  });

  it.each(RELEASES)('active without host for %s: no verb would ever be sent', (release) => {
    for (const host of [undefined, null, ''])
      expect(() => instanceOf(release, untyped({ host }))).toThrow(forbidden(/active without host/));
  });

  it('active without launched_at from Havana on: stop would answer 409', () => {
    for (const release of RELEASES) {
      const attempt = (): unknown => instanceOf(release, aReport({ launched_at: null }));
      if (release === 'grizzly') expect(attempt).not.toThrow();
      else expect(attempt).toThrow(forbidden(/active without launched_at/));
    }
  });

  it.each(RELEASES)('a time for %s that is not one, or is spelled by the caller', (release) => {
    for (const launched_at of [new Date(Number.NaN), '2026-01-01T00:00:00Z', '2026-01-01T00:00:00', 7]) {
      expect(() => instanceOf(release, untyped({ launched_at }))).toThrow(forbidden(/launched_at is no time/));
    }
  });

  it.each(RELEASES)('a value beyond its column for %s', (release) => {
    expect(() => instanceOf(release, aReport({ display_name: 'x'.repeat(256) }))).toThrow();
    expect(() => instanceOf(release, aReport({ host: 'a\0b' }))).toThrow();
    expect(() => instanceOf(release, aReport({ memory_mb: 2 ** 31 }))).toThrow();
    expect(() => instanceOf(release, aReport({ progress: 0.5 }))).toThrow();
    expect(() => instanceOf(release, untyped({ power_state: 'running' }))).toThrow();
  });

  it.each(RELEASES)('one flavor of three for %s: the parent saves all or fails', (release) => {
    expect(() => instanceOf(release, aReport({ flavor: aFlavor }))).toThrow(forbidden(/together or not at all/));
    expect(() => instanceOf(release, aReport({ flavor: aFlavor, old_flavor: null }))).toThrow(
      forbidden(/together or not at all/),
    );
    expect(() => instanceOf(release, aReport({ old_flavor: null, new_flavor: null }))).toThrow(
      forbidden(/together or not at all/),
    );
  });

  it.each(OBJECT_RELEASES)('the flavors reach %s complete, in data and changes', (release) => {
    const instance = instanceOf(release, aReport({ flavor: aFlavor, old_flavor: null, new_flavor: aFlavor }));

    expect(dataOf(instance)).toMatchObject({
      flavor: { 'nova_object.name': 'Flavor' },
      old_flavor: null,
      new_flavor: { 'nova_object.data': { flavorid: '2' } },
    });
    expect(instance['nova_object.changes']).toEqual(expect.arrayContaining(['flavor', 'old_flavor', 'new_flavor']));
  });

  it.each(DICT_RELEASES)('no flavor is sent to %s, which cannot take one', (release) => {
    const instance = instanceOf(release, aReport({ flavor: aFlavor, old_flavor: null, new_flavor: null }));

    expect(Object.keys(instance).filter((key) => key.includes('flavor'))).toEqual([]);
  });

  it('locked_by is not sent to Grizzly, which has no such column', () => {
    expect(instanceOf('grizzly', aReport({ locked: true, locked_by: 'owner' }))).not.toHaveProperty('locked_by');
    expect(instanceOf('havana', aReport({ locked: true, locked_by: 'owner' }))).toMatchObject({
      locked: true,
      locked_by: 'owner',
    });
  });

  it.each(RELEASES)('a uuid that is none for %s', (release) => {
    expect(() => instanceOf(release, aReport({ uuid: 'i-0123456789' }))).toThrow(forbidden(/uuid/));
    expect(() => encodeInstanceDestroy(dialectOf(release), { uuid: '' })).toThrow(forbidden(/uuid/));
  });
});

describe('a destroy', () => {
  it.each(DICT_RELEASES)('is the uuid alone for %s', (release) => {
    expect(encodeInstanceDestroy(dialectOf(release), { uuid: UUID })).toEqual({
      methodName: 'instance_destroy_at_top',
      methodKwargs: { instance: { uuid: UUID } },
    });
  });

  it.each(OBJECT_RELEASES)('is an Instance of nothing but the uuid for %s', (release) => {
    const { instance } = encodeInstanceDestroy(dialectOf(release), { uuid: UUID }).methodKwargs;

    expect(dataOf(instance)).toEqual({ uuid: UUID });
    expect(instance).not.toHaveProperty(['nova_object.changes']);
  });
});

describe('the judge', () => {
  it('refuses the payload of another era', () => {
    const dict = encodeInstanceUpdate(dialectOf('kilo'), aReport());
    const object = encodeInstanceUpdate(dialectOf('liberty'), aReport());

    expect(judgeUp(dialectOf('liberty'), dict)).toMatchObject([{ rule: 'payload' }]);
    expect(judgeUp(dialectOf('kilo'), object)).toMatchObject([{ rule: 'payload' }]);
  });

  it('refuses an object newer than the parent knows, and takes an older one', () => {
    expect(judgeUp(dialectOf('liberty'), encodeInstanceUpdate(dialectOf('rocky'), aReport()))).toMatchObject([
      { rule: 'object-version' },
    ]);
    expect(judgeUp(dialectOf('rocky'), encodeInstanceUpdate(dialectOf('liberty'), aReport()))).toEqual([]);
  });

  it('sees a message whose changes are missing, which applies nothing', () => {
    const { instance } = encodeInstanceUpdate(dialectOf('rocky'), aReport()).methodKwargs;
    const { 'nova_object.changes': _gone, ...mute } = instance as JsonObject;

    expect(judgeUp(dialectOf('rocky'), { methodName: 'instance_update_at_top', methodKwargs: { instance: mute } })).toMatchObject(
      [{ rule: 'changes' }],
    );
  });

  it.each(['grizzly', 'havana', 'juno'] as const)('sees what a hand-made dict for %s would do', (release) => {
    const judged = (extra: JsonObject): string[] =>
      judgeUp(dialectOf(release), {
        methodName: 'instance_update_at_top',
        methodKwargs: { instance: { uuid: UUID, ...extra } },
      }).map(({ rule }) => rule);

    expect(judged({ deleted: 0 })).toEqual(['deleted']);
    expect(judged({ pci_devices: null })).toEqual(['relation']);
    expect(judged({ launched_at: '2026-01-01T00:00:00Z' })).toEqual(['times']);
    expect(judged({ info_cache: { network_info: [] } })).toEqual(['network-info']);
    expect(judged({ info_cache: { network_info: '' } })).toEqual(['network-info']);
    expect(judged({ system_metadata: [{ key: 'instance_type_id', value: '1' }] })).toEqual(['flavor-keys']);
    expect(judged({ vm_state: 'Active' })).toEqual(['vm-state']);
  });
});
