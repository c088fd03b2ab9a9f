import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@burstcell/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openVolumes } from '../../src/cinder/open-volumes.js';
import { Secrets } from '../../src/secrets.js';
import type { Volumes } from '../../src/volumes.js';
import { type StubVolume, startVolumes, type VolumeStub } from '../parent/volume-stub.js';
import { cinderConfig } from '../support/no-cinder.js';
import { Fate, type ReplicaOptions } from './replica.js';
import { World } from './world.js';

const KEY = 'ebs_volume_id';
const ROOT = '/dev/sda1';
/** More effects than any of the lives below has. */
const MAX_EFFECTS = 40;
const LARGE = { id: 2, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 2, root_gb: 20, ephemeral_gb: 0, swap: 0 };

describe('a server that boots from a volume', () => {
  let world: World;
  let stub: VolumeStub;
  let volumes: Volumes;
  beforeAll(async () => {
    world = await World.make();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    stub = await startVolumes();
    volumes = openVolumes({ ...cinderConfig(), providerIdProperty: KEY });
  });
  afterEach(() => stub.close());

  const asked = (more: JsonObject = {}): JsonObject => {
    const volumeEndpoints = [{ type: 'volumev3', name: null, region: null, urls: { publicURL: stub.urlOf('p') } }];
    return { auth_token: new Secrets('test').seal('token'), volumeEndpoints, ...more };
  };
  const aVolume = (zone = 'zone-a', more: Partial<StubVolume> = {}): StubVolume =>
    stub.add({ ...more, metadata: { [KEY]: world.cloud.createVolume(zone).providerVolumeId } });
  const ebs = ({ metadata }: StubVolume) => world.cloud.volume(metadata[KEY] ?? '');
  const device = (volume: StubVolume, bootIndex: number | null): JsonObject => ({
    ...{ source_type: 'volume', destination_type: 'volume', boot_index: bootIndex, volume_id: volume.id },
    ...{ volume_size: null, guest_format: null, delete_on_termination: false },
  });

  interface Boot extends ReplicaOptions {
    readonly data?: readonly StubVolume[];
    readonly fate?: Fate;
    readonly zone?: string;
  }

  const booted = async (root: StubVolume, { data = [], fate = new Fate(), zone, ...options }: Boot = {}) => {
    const uuid = randomUUID();
    const blockDevices = [device(root, 0), ...data.map((volume) => device(volume, null))];
    await world.submit(uuid, 'build', asked({ image: { id: null, properties: {} }, blockDevices, zone: zone ?? null }));
    await world.settle(uuid, fate, { volumes, ...options });
    return uuid;
  };
  const perform = (uuid: string, verb: string, more: JsonObject = {}) =>
    world.perform(uuid, verb, asked({ args: [], ...more }), { volumes });
  const action = async (uuid: string) => (await world.store.actions.of(uuid))[0]?.message;
  const rootedAt = (volume: StubVolume, uuid: string) => {
    expect(world.living(uuid)).toMatchObject([{ state: 'running' }]);
    expect(ebs(volume)?.attachment).toMatchObject({ providerId: world.living(uuid)[0]?.providerId, deviceName: ROOT });
    expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid, device: ROOT }] });
  };

  it('runs from it, in its zone, beside its other volumes', async () => {
    const [root, data] = [aVolume('zone-b', { status: 'attaching' }), aVolume('zone-b')];

    const uuid = await booted(root, { data: [data] });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    rootedAt(root, uuid);
    expect(world.living(uuid)).toMatchObject([{ zone: 'zone-b', imageId: null }]);
    expect(data).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
    const devices = await world.store.instances.blockDevices(uuid);
    expect(devices.find(({ boot_index: index }) => index === 0)).toMatchObject({ volume_id: root.id, device_name: ROOT });
  });

  it('runs from it once, whichever effect was the last before the process died', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const [root, fate] = [aVolume(), new Fate({ at, when })];

        const uuid = await booted(root, { fate });

        expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
        expect(world.machines(uuid)).toHaveLength(1);
        rootedAt(root, uuid);
        if (!fate.isDead) break;
        if (at === MAX_EFFECTS) throw new Error('more effects than expected');
      }
    }
  }, 120_000);

  it('is not launched where the volume is busy, in another zone than was asked for, or where it cannot be done', async () => {
    const [busy, far, fine] = [aVolume('zone-a', { status: 'in-use' }), aVolume('zone-b'), aVolume()];

    const refused = [
      await booted(busy),
      await booted(far, { zone: 'zone-a' }),
      await booted(fine, { without: ['bootFromVolume'] }),
    ];

    expect(await Promise.all(refused.map(action))).toEqual([
      'Error: The volume is in-use; it must be available.',
      `Error: Volume ${far.id} is in zone zone-b, and zone-a was asked for; boot with --availability-zone zone-b.`,
      expect.stringMatching(/boot from a volume is not available in this cell/),
    ]);
    for (const uuid of refused) {
      expect(world.machines(uuid)).toEqual([]);
      expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    }
    expect([busy, far, fine].map(({ status }) => status)).toEqual(['in-use', 'available', 'available']);
    expect(stub.actions).toEqual([]);
  });

  it('gives the volume back, and ends, when the cloud refuses on the way', async () => {
    const root = aVolume();
    world.cloud.fault({ on: 'bootFromVolume', when: 'before', error: 'capacity' });

    const uuid = await booted(root);

    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect(world.living(uuid)).toEqual([]);
    expect(root).toMatchObject({ status: 'available', attachments: [] });
    expect(ebs(root)?.attachment).toBeNull();
  });

  it('gives the volume back when it is deleted, at any step of its build', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      const root = aVolume();
      const uuid = randomUUID();
      const fate = new Fate({ at, when: 'after' });
      await world.submit(uuid, 'build', asked({ image: { id: null, properties: {} }, blockDevices: [device(root, 0)] }));
      await world.store.commit({ writes: [{ write: 'set-block-device', uuid, device: rowOf(root) }] });
      await world.settle(uuid, fate, { volumes });

      await perform(uuid, 'delete');

      expect((await world.view(uuid)).deleted).not.toBe(0);
      expect(world.living(uuid)).toEqual([]);
      expect(root).toMatchObject({ status: 'available', attachments: [] });
      expect(ebs(root)?.attachment).toBeNull();
      if (!fate.isDead) return;
    }
    throw new Error('more effects than expected');
  }, 120_000);

  it('stops, starts and is resized as any other', async () => {
    const root = aVolume();
    const uuid = await booted(root);

    await perform(uuid, 'stop');
    expect(await world.states(uuid)).toMatchObject({ vm: 'stopped' });
    await perform(uuid, 'start');
    await perform(uuid, 'reboot-hard');
    await perform(uuid, 'resize', { flavor: LARGE });
    await perform(uuid, 'confirm-resize');

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    rootedAt(root, uuid);
  });

  it.each([
    ['rescue', {}, 'attach its volume to another server'],
    ['rebuild', { image_href: 'other' }, 'boot another server from a volume'],
  ])('refuses a %s, with what to do instead, and runs on', async (verb, more, remedy) => {
    const root = aVolume();
    const uuid = await booted(root);

    await perform(uuid, verb, more);

    expect(await action(uuid)).toContain(`Error: The server boots from a volume, for which ${verb} is not available; ${remedy}`);
    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    rootedAt(root, uuid);
  });

  it('keeps the volume it boots from while it lives', async () => {
    const root = aVolume();
    const uuid = await booted(root);

    await perform(uuid, 'detach-volume', { args: [{ id: root.id }] });

    expect(await action(uuid)).toBe('Error: The server boots from this volume: it is free once the server is deleted.');
    rootedAt(root, uuid);
  });

  it('is shelved without an image, keeps its volumes, and boots from them again, whichever effect was the last', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      const [root, data, fates] = [aVolume(), aVolume(), [0, 1].map(() => new Fate({ at, when: 'after' }))];
      const uuid = await booted(root, { data: [data] });
      const images = world.snapshots();

      await world.submit(uuid, 'shelve', asked());
      await world.settle(uuid, fates[0] ?? new Fate(), { volumes });
      expect(await world.states(uuid)).toMatchObject({ vm: 'shelved_offloaded', task: null });
      expect(world.living(uuid)).toEqual([]);
      expect(world.snapshots()).toBe(images);
      expect(root).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });

      await world.submit(uuid, 'unshelve', asked());
      await world.settle(uuid, fates[1] ?? new Fate(), { volumes });
      expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
      rootedAt(root, uuid);
      expect(data).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
      expect(ebs(data)?.attachment?.providerId).toBe(world.living(uuid)[0]?.providerId);
      if (fates.every(({ isDead }) => !isDead)) return;
    }
    throw new Error('more effects than expected');
  }, 120_000);

  it('stays shelved, without a machine, when it cannot be brought back', async () => {
    const root = aVolume();
    const uuid = await booted(root);
    await perform(uuid, 'shelve');
    world.cloud.fault({ on: 'bootFromVolume', when: 'before', error: 'capacity' });

    await perform(uuid, 'unshelve');

    expect(await world.states(uuid)).toMatchObject({ vm: 'shelved_offloaded', task: null });
    expect(world.living(uuid)).toEqual([]);
    await perform(uuid, 'unshelve');
    rootedAt(root, uuid);
  });
});

function rowOf({ id }: StubVolume) {
  const nothing = { device_name: null, device_type: null, disk_bus: null, guest_format: null, image_id: null, snapshot_id: null };
  const rest = { volume_size: null, delete_on_termination: false, no_device: false, connection_info: null, tag: null };
  return { ...nothing, ...rest, source_type: 'volume', destination_type: 'volume', boot_index: 0, volume_id: id };
}
