import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { BlockDeviceRow, NewBlockDevice } from '../../src/index.js';
import { aBlockDevice, anInstance } from '../support/builders.js';
import { only, useTestStore } from '../support/test-store.js';

const t = useTestStore();

const aVolume = (change: Partial<NewBlockDevice> = {}) =>
  aBlockDevice({
    source_type: 'volume',
    destination_type: 'volume',
    device_name: null,
    image_id: null,
    boot_index: null,
    ...change,
  });

async function insertedWith(...blockDevices: NewBlockDevice[]): Promise<string> {
  const instance = anInstance({ blockDevices });
  await t.store.commit({ writes: [instance] });
  return instance.uuid;
}

const set = (uuid: string, device: NewBlockDevice) => t.store.commit({ writes: [{ write: 'set-block-device', uuid, device }] });

const devices = (uuid: string): Promise<readonly BlockDeviceRow[]> => t.store.instances.blockDevices(uuid);

describe('a block device', () => {
  it('of a new volume joins those that are there', async () => {
    const uuid = await insertedWith(aBlockDevice());
    const device = aVolume({ volume_id: randomUUID(), device_name: '/dev/vdb', volume_size: 5, tag: 'data' });

    await set(uuid, device);

    const [root, added] = await devices(uuid);
    expect(root).toMatchObject({ device_name: '/dev/vda', volume_id: null });
    expect(added).toMatchObject({ ...device, instance_uuid: uuid, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('is found again by its volume, and takes the name it was given', async () => {
    const volume_id = randomUUID();
    const uuid = await insertedWith(aBlockDevice(), aVolume({ volume_id }));
    const [, before] = await devices(uuid);

    await set(uuid, aVolume({ volume_id, device_name: '/dev/vdb', connection_info: '{"a":1}' }));

    const [, after, ...more] = await devices(uuid);
    expect(more).toEqual([]);
    expect(after).toEqual({ ...before, device_name: '/dev/vdb', connection_info: '{"a":1}' });
  });

  it('is found by its device name when its volume is not known yet, or becomes another', async () => {
    const uuid = await insertedWith(aVolume({ device_name: '/dev/vda' }));
    const before = only(await devices(uuid));

    for (const volume_id of [randomUUID(), randomUUID()]) {
      await set(uuid, aVolume({ volume_id, device_name: '/dev/vda' }));

      expect(only(await devices(uuid))).toEqual({ ...before, volume_id });
    }
  });

  it('with the volume is preferred to one with the device name', async () => {
    const volume_id = randomUUID();
    const uuid = await insertedWith(aVolume({ device_name: '/dev/vdb' }), aVolume({ volume_id, device_name: '/dev/vdc' }));

    await set(uuid, aVolume({ volume_id, device_name: '/dev/vdb', volume_size: 7 }));

    expect((await devices(uuid)).map((device) => device.volume_size)).toEqual([null, 7]);
  });

  it('without volume and name is one more', async () => {
    const uuid = await insertedWith(aVolume());

    await set(uuid, aVolume());

    expect(await devices(uuid)).toHaveLength(2);
  });

  it('of another instance is left alone, though it is the same volume', async () => {
    const shared = aVolume({ volume_id: randomUUID(), device_name: '/dev/vdb' });
    const [one, other] = [await insertedWith(shared), await insertedWith()];

    await set(other, { ...shared, device_name: '/dev/vdx' });

    expect(only(await devices(one)).device_name).toBe('/dev/vdb');
    expect(only(await devices(other)).device_name).toBe('/dev/vdx');
  });

  it('is there once, though replicas tell of it at the same moment', async () => {
    const uuid = await insertedWith();
    const other = await t.another();
    const device = aVolume({ volume_id: randomUUID() });

    await Promise.all(
      [t.store, other, t.store, other].map((store) => store.commit({ writes: [{ write: 'set-block-device', uuid, device }] })),
    );

    expect(await devices(uuid)).toHaveLength(1);
  });

  it('does not join an instance that is deleted', async () => {
    const uuid = await insertedWith();
    await t.store.commit({ writes: [{ write: 'delete-instance', uuid, at: new Date() }] });

    await set(uuid, aVolume({ volume_id: randomUUID() }));

    expect(await devices(uuid)).toEqual([]);
  });

  it('that was detached is soft-deleted, and makes room for another of its name in the same unit', async () => {
    const [old, volume_id] = [randomUUID(), randomUUID()];
    const uuid = await insertedWith(aVolume({ volume_id: old, device_name: '/dev/vdb' }));
    const before = only(await devices(uuid));

    await t.store.commit({
      writes: [
        { write: 'set-block-device', uuid, device: aVolume({ volume_id, device_name: '/dev/vdb' }) },
        { write: 'delete-block-device', uuid, volumeId: old },
        { write: 'delete-block-device', uuid, volumeId: 'unknown' },
      ],
    });

    const now = only(await devices(uuid));
    expect(now).toMatchObject({ volume_id });
    expect(now.id).not.toBe(before.id);
    const gone = await t.rows('select deleted = id as gone, deleted_at from block_device_mapping where volume_id = $1', [old]);
    expect(gone).toEqual([{ gone: true, deleted_at: expect.any(Date) }]);
  });
});
