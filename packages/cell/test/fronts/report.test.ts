import type { InstanceView, JsonObject } from '@burstcell/store';
import { dialectOf, encodeInstanceUpdate, isJsonObject, RELEASES, type JsonObject as WireObject } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { instanceReport } from '../../src/fronts/cells-v1/translate/report.js';

const TINY = { id: 2, name: 'm1.tiny', flavorid: '1', memory_mb: 512, vcpus: 1, root_gb: 1, ephemeral_gb: 0, swap: 0 };
const SMALL = { ...TINY, id: 5, name: 'm1.small', flavorid: '2', memory_mb: 2048, rxtx_factor: 1, vcpu_weight: null };

function aView(more: Partial<InstanceView> = {}): InstanceView {
  return {
    uuid: '11111111-1111-4111-8111-111111111111',
    id: 7,
    vm_state: 'active',
    task_state: null,
    power_state: 1,
    host: 'ec2-zone-a',
    node: 'ec2-zone-a',
    launched_on: 'ec2-zone-a',
    availability_zone: 'zone-a',
    launched_at: new Date('2026-01-01T00:00:00Z'),
    terminated_at: null,
    root_device_name: '/dev/sda',
    display_name: 'web',
    hostname: 'web',
    image_ref: 'image-1',
    locked: false,
    locked_by: null,
    instance_type_id: 2,
    memory_mb: 512,
    vcpus: 1,
    root_gb: 1,
    ephemeral_gb: 0,
    network_info: [],
    flavor: { ...TINY, rxtx_factor: 1, vcpu_weight: null },
    old_flavor: null,
    new_flavor: null,
    system_metadata: {
      image_base_image_ref: 'image-1',
      instance_type_flavorid: '1',
      instance_type_id: '2',
      burst_old_size: 't3.nano',
    },
    ...more,
  } as unknown as InstanceView;
}

/** Resized, and not yet confirmed. */
function aResized(): InstanceView {
  const flavor = SMALL as unknown as JsonObject;
  return aView({
    vm_state: 'resized',
    flavor,
    new_flavor: flavor,
    old_flavor: { ...TINY, rxtx_factor: 1, vcpu_weight: null } as unknown as JsonObject,
    instance_type_id: 5,
    memory_mb: 2048,
  });
}

/** What the parent reads, as one flat set of fields. */
function sent(release: (typeof RELEASES)[number], view: InstanceView, hints: JsonObject = {}): WireObject {
  const dialect = dialectOf(release);
  const { instance } = encodeInstanceUpdate(dialect, instanceReport(view, hints, dialect)).methodKwargs;
  if (!isJsonObject(instance)) throw new Error('no instance');
  const data = instance['nova_object.data'];
  return isJsonObject(data) ? data : instance;
}

describe.each(RELEASES)('a report to a %s parent', (release) => {
  it('of an active instance is what the encoder lets through', () => {
    expect(sent(release, aView())).toMatchObject({ vm_state: 'active', task_state: null, host: 'ec2-zone-a' });
  });

  it('of a build without a host names neither host nor addresses', () => {
    const view = aView({ vm_state: 'building', task_state: 'scheduling', host: null, node: null, launched_at: null });

    const update = sent(release, view);

    expect(update).toMatchObject({ vm_state: 'building', task_state: 'scheduling' });
    expect(Object.keys(update)).not.toEqual(expect.arrayContaining(['host']));
    expect(update.info_cache).toBeUndefined();
  });

  it('of a resized instance carries the new sizes, and the flavors in the release’s own form', () => {
    const update = sent(release, aResized());

    expect(update).toMatchObject({ vm_state: 'resized', instance_type_id: 5, memory_mb: 2048, vcpus: 1 });
    const forms = {
      system_metadata: isJsonObject(update.system_metadata ?? null) ? 'keys' : 'absent',
      trio: ['flavor', 'old_flavor', 'new_flavor'].every((name) => isJsonObject(update[name] ?? null)),
    };
    const { flavorCarrier } = dialectOf(release);
    expect(forms).toEqual({
      system_metadata: flavorCarrier === 'system_metadata' ? 'keys' : 'absent',
      trio: flavorCarrier === 'object',
    });
  });

  it('tells of a lock only where the parent cannot unlock by itself', () => {
    const update = sent(release, aView({ locked: false }));

    expect(Object.hasOwn(update, 'locked')).toBe(['grizzly', 'havana', 'icehouse'].includes(release));
  });

  it('tells how far an image has come, where that is the news', () => {
    expect(sent(release, aView({ progress: 40 }), { progress: true })).toMatchObject({ progress: 40 });
    expect(Object.hasOwn(sent(release, aView({ progress: 40 })), 'progress')).toBe(false);
  });

  it('keeps our own notes in system_metadata to ourselves', () => {
    const update = sent(release, aView(), { systemMetadata: true });

    expect(update.system_metadata).toMatchObject({ image_base_image_ref: 'image-1' });
    expect(update.system_metadata).not.toHaveProperty('burst_old_size');
  });
});

describe('the flavor in system_metadata (Grizzly to Juno)', () => {
  it('is complete for each of the three flavors while a resize waits to be confirmed', () => {
    const keys = Object.keys(sent('juno', aResized()).system_metadata as WireObject);

    const of = (prefix: string) => keys.filter((key) => key.startsWith(`${prefix}instance_type_`)).length;
    expect([of(''), of('old_'), of('new_')]).toEqual([10, 10, 10]);
  });

  it('is the only one when the resize is over', () => {
    const view = aView({ flavor: SMALL as unknown as JsonObject, system_metadata: { old_instance_type_id: '2', a: 'b' } });

    const metadata = sent('havana', view, { flavor: true }).system_metadata as WireObject;

    expect(metadata).toMatchObject({ a: 'b', instance_type_flavorid: '2', instance_type_memory_mb: '2048' });
    expect(Object.keys(metadata).filter((key) => key.startsWith('old_'))).toEqual([]);
  });

  it('stays away when the flavor is not known: an incomplete set breaks every list of the project', () => {
    const update = sent('icehouse', aView({ flavor: null }), { systemMetadata: true, flavor: true });

    expect(update.system_metadata).toBeUndefined();
  });
});

describe('what is not hinted at', () => {
  it('is left to the parent: names, image and metadata', () => {
    const update = sent('rocky', aView());

    expect(Object.keys(update)).not.toEqual(expect.arrayContaining(['display_name']));
    expect(update).not.toHaveProperty('image_ref');
    expect(update).not.toHaveProperty('system_metadata');
    expect(update).not.toHaveProperty('flavor');
  });

  it('goes up with its hint', () => {
    const update = sent('rocky', aView(), { names: true, image: true });

    expect(update).toMatchObject({ display_name: 'web', hostname: 'web', image_ref: 'image-1' });
  });
});
