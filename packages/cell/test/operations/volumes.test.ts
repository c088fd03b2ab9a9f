import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@burstcell/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openVolumes } from '../../src/cinder/open-volumes.js';
import { Secrets } from '../../src/secrets.js';
import type { Volumes } from '../../src/volumes.js';
import { type StubVolume, startVolumes, type VolumeStub } from '../parent/volume-stub.js';
import { cinderConfig } from '../support/no-cinder.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const KEY = 'ebs_volume_id';
/** More effects than an attach or a detach has. */
const MAX_EFFECTS = 20;

describe('volumes of a volume service', () => {
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

  const asked = (args: JsonObject['args']): JsonObject => {
    const volumeEndpoints = [{ type: 'volumev3', name: null, region: null, urls: { publicURL: stub.urlOf('p') } }];
    return { args, auth_token: new Secrets('test').seal('token'), volumeEndpoints } as JsonObject;
  };
  /** In the machine's zone, and known to both services. */
  const aVolume = (uuid: string): StubVolume =>
    stub.add({ metadata: { [KEY]: world.cloud.createVolume(world.living(uuid)[0]?.zone ?? '').providerVolumeId } });
  const inZone = (zone: string, status = 'attaching'): StubVolume =>
    stub.add({ status, metadata: { [KEY]: world.cloud.createVolume(zone).providerVolumeId } });
  const devices = async (uuid: string) =>
    (await world.store.instances.blockDevices(uuid)).filter(({ source_type: source }) => source === 'volume');
  const action = async (uuid: string) => (await world.store.actions.of(uuid))[0]?.message;

  it('are in use there once attached, and available once detached', async () => {
    const uuid = await world.builtInstance();
    const volume = aVolume(uuid);

    await world.perform(uuid, 'attach-volume', asked([volume.id, null]), { volumes });
    expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
    expect(await devices(uuid)).toMatchObject([{ volume_id: volume.id, device_name: volume.attachments[0]?.device }]);

    await world.perform(uuid, 'detach-volume', asked([{ id: volume.id }]), { volumes });
    expect(volume).toMatchObject({ status: 'available', attachments: [] });
    expect(await devices(uuid)).toEqual([]);
  });

  it('are available again when the cloud refuses them', async () => {
    const uuid = await world.builtInstance();
    const volume = aVolume(uuid);
    world.cloud.fault({ on: 'attachVolume', when: 'before', error: 'unauthorized' });

    await world.perform(uuid, 'attach-volume', asked([volume.id, null]), { volumes });

    expect(await action(uuid)).toMatch(/^Error: /);
    expect(stub.actions.map((each) => each.split(' ')[0])).toEqual(['os-reserve', 'os-unreserve']);
    expect(volume).toMatchObject({ status: 'available', attachments: [] });
    expect(await devices(uuid)).toEqual([]);
  });

  it('are refused before they are reserved where they are in another zone than the server, or not in the cloud', async () => {
    const uuid = await world.builtInstance();
    const [far, gone] = [inZone('zone-b', 'available'), stub.add({ metadata: { [KEY]: 'vol-gone' } })];

    await world.perform(uuid, 'attach-volume', asked([far.id, null]), { volumes });
    expect(await action(uuid)).toBe(
      `Error: Volume ${far.id} is in zone zone-b, the server in zone-a; attach it to a server there, or boot one with --availability-zone zone-b.`,
    );
    await world.perform(uuid, 'attach-volume', asked([gone.id, null]), { volumes });

    expect(await action(uuid)).toBe(`Error: Volume ${gone.id} does not exist in the cloud.`);
    expect(stub.actions).toEqual([]);
    expect(await devices(uuid)).toEqual([]);
  });

  it('are left alone where they are not free, or where nothing says which they are', async () => {
    const uuid = await world.builtInstance();
    const [busy, unknown] = [stub.add({ status: 'attaching', metadata: { [KEY]: 'vol-1' } }), stub.add({})];

    await world.perform(uuid, 'attach-volume', asked([busy.id, null]), { volumes });
    expect(await action(uuid)).toBe('Error: The volume is attaching; it must be available.');
    await world.perform(uuid, 'attach-volume', asked([unknown.id, null]), { volumes });

    expect(await action(uuid)).toMatch(/nothing says which of its volumes it is. Its metadata has no ebs_volume_id/);
    expect([busy.status, unknown.status]).toEqual(['attaching', 'available']);
    expect(stub.actions).toEqual([]);
    expect(await devices(uuid)).toEqual([]);
  });

  it('stay in use when the detach comes to nothing', async () => {
    const uuid = await world.builtInstance();
    const volume = aVolume(uuid);
    await world.perform(uuid, 'attach-volume', asked([volume.id, null]), { volumes });
    world.cloud.fault({ on: 'detachVolume', when: 'before', error: 'unauthorized' });

    await world.perform(uuid, 'detach-volume', asked([{ id: volume.id }]), { volumes });

    expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
  });

  it('are given back when their instance is deleted', async () => {
    const uuid = await world.builtInstance();
    const both = [aVolume(uuid), aVolume(uuid)];
    for (const { id } of both) await world.perform(uuid, 'attach-volume', asked([id, null]), { volumes });

    await world.perform(uuid, 'delete', asked([]), { volumes });

    expect((await world.view(uuid)).deleted).not.toBe(0);
    for (const volume of both) expect(volume).toMatchObject({ status: 'available', attachments: [] });
  });

  it('are given back after a failed attach, also when a delete ends all that the instance is doing', async () => {
    const uuid = await world.builtInstance();
    const volume = aVolume(uuid);
    world.cloud.fault({ on: 'attachVolume', when: 'before', error: 'unauthorized' });
    await world.submit(uuid, 'attach-volume', asked([volume.id, null]));
    stub.instead((request) => (request.body.includes('os-unreserve') ? { status: 503 } : undefined));
    await world.work(new Fate(), { volumes });
    expect(volume.status).toBe('attaching');

    await world.perform(uuid, 'delete', asked([]), { volumes });

    expect(volume.status).toBe('available');
  });

  describe('that go with their server', () => {
    const goingWith = async () => {
      const uuid = await world.builtInstance();
      const volume = aVolume(uuid);
      await world.perform(uuid, 'attach-volume', asked([volume.id, null]), { volumes });
      const [row] = await devices(uuid);
      if (row === undefined) throw new Error('nothing is attached');
      const device = { ...row, delete_on_termination: true };
      await world.store.commit({ writes: [{ write: 'set-block-device', uuid, device }] });
      return { uuid, volume };
    };

    it('are deleted once they are free, whichever effect was the last', async () => {
      for (let at = 1; at <= MAX_EFFECTS; at += 1) {
        const { uuid, volume } = await goingWith();
        const fate = new Fate({ at, when: at % 2 === 0 ? 'before' : 'after' });

        await world.submit(uuid, 'delete', asked([]));
        await world.settle(uuid, fate, { volumes });

        expect((await world.view(uuid)).deleted).not.toBe(0);
        expect(stub.volume(volume.id)).toBeUndefined();
        expect(stub.actions.filter((each) => each.endsWith(volume.id)).slice(-2)).toEqual([
          `os-detach ${volume.id}`,
          `delete ${volume.id}`,
        ]);
        if (!fate.isDead) return;
      }
      throw new Error('more effects than expected');
    }, 120_000);

    it('are tried again while the volume service is away, and never keep the server', async () => {
      const { uuid, volume } = await goingWith();
      stub.instead(({ method }) => (method === 'DELETE' ? { status: 503 } : undefined));

      await world.submit(uuid, 'delete', asked([]));
      await world.work(new Fate(), { volumes });
      expect((await world.view(uuid)).deleted).not.toBe(0);
      await world.settle(uuid, new Fate(), { volumes });

      expect(stub.volume(volume.id)).toBeUndefined();
    });

    it('stay where the volume service keeps them, and the delete is done all the same', async () => {
      const { uuid, volume } = await goingWith();
      stub.instead(({ method }) => (method === 'DELETE' ? { status: 400 } : undefined));

      await world.perform(uuid, 'delete', asked([]), { volumes });

      expect((await world.view(uuid)).deleted).not.toBe(0);
      expect(volume).toMatchObject({ status: 'available', attachments: [] });
    });

    it('stay where another server has them, or where they never hung at this one', async () => {
      const [taken, other] = [await goingWith(), { server_id: 'b', attachment_id: 'b', device: '/dev/vdb', volume_id: 'b' }];
      taken.volume.attachments = [other];
      const never = await goingWith();
      const [row] = await devices(never.uuid);
      if (row === undefined) throw new Error('nothing is attached');
      const device = { ...row, connection_info: null };
      await world.store.commit({ writes: [{ write: 'set-block-device', uuid: never.uuid, device }] });

      for (const { uuid } of [taken, never]) await world.perform(uuid, 'delete', asked([]), { volumes });

      expect(stub.volume(taken.volume.id)).toMatchObject({ status: 'in-use', attachments: [other] });
      expect(stub.volume(never.volume.id)).toMatchObject({ status: 'available' });
    });
  });

  describe('that a server is booted with', () => {
    const booted = async (booting: readonly StubVolume[], { fate = new Fate(), zone = null as string | null } = {}) => {
      const uuid = randomUUID();
      const data = { source_type: 'volume', destination_type: 'volume', boot_index: null, volume_size: null };
      const blockDevices = booting.map(({ id }) => ({
        ...data,
        volume_id: id,
        guest_format: null,
        delete_on_termination: false,
      }));
      await world.submit(uuid, 'build', { ...asked([]), blockDevices, zone });
      await world.settle(uuid, fate, { volumes });
      return uuid;
    };
    it('hang at it before it is active', async () => {
      const both = [inZone('zone-a'), inZone('zone-a')];

      const uuid = await booted(both);

      expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
      for (const volume of both) expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
      expect(await devices(uuid)).toHaveLength(2);
    });

    it('are given back when one of them cannot, and the server ends', async () => {
      const both = [inZone('zone-a'), inZone('zone-a')];
      world.cloud.fault({ on: 'attachVolume', when: 'before', error: 'unauthorized' });

      const uuid = await booted(both);

      expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
      expect(world.living(uuid)).toEqual([]);
      for (const volume of both) expect(volume).toMatchObject({ status: 'available', attachments: [] });
    });

    it('decide its zone', async () => {
      const uuid = await booted([inZone('zone-b'), inZone('zone-b')]);

      expect(world.living(uuid)).toMatchObject([{ zone: 'zone-b' }]);
    });

    it('keep it from being launched where they are in two zones, or not in the one that was asked for', async () => {
      const [here, there] = [inZone('zone-a'), inZone('zone-b')];

      const torn = await booted([here, there]);
      const misled = await booted([there], { zone: 'zone-a' });

      expect(await action(torn)).toBe(
        `Error: Volume ${here.id} is in zone zone-a, volume ${there.id} in zone-b: no server can have both.`,
      );
      expect(await action(misled)).toBe(
        `Error: Volume ${there.id} is in zone zone-b, and zone-a was asked for; boot with --availability-zone zone-b.`,
      );
      for (const uuid of [torn, misled]) expect(world.machines(uuid)).toEqual([]);
      expect(stub.actions).toEqual([]);
    });

    it('are attached once to one machine, whichever effect was the last before the process died', async () => {
      for (let at = 1; at <= MAX_EFFECTS; at += 1) {
        const [volume, fate] = [inZone('zone-a'), new Fate({ at, when: 'after' })];

        const uuid = await booted([volume], { fate });

        expect(world.machines(uuid)).toHaveLength(1);
        expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
        if (!fate.isDead) return;
      }
      throw new Error('more effects than expected');
    }, 120_000);
  });

  it('are attached and detached once, whichever effect was the last before the process died', async () => {
    const uuid = await world.builtInstance();
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      const volume = aVolume(uuid);
      const [attach, detach] = [new Fate({ at, when: 'after' }), new Fate({ at, when: 'before' })];

      await world.submit(uuid, 'attach-volume', asked([volume.id, null]));
      await world.settle(uuid, attach, { volumes });
      expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });

      await world.submit(uuid, 'detach-volume', asked([{ id: volume.id }]));
      await world.settle(uuid, detach, { volumes });
      expect(volume).toMatchObject({ status: 'available', attachments: [] });
      expect(stub.actions.filter((each) => each.endsWith(volume.id))).toHaveLength(4);
      if (!attach.isDead && !detach.isDead) return;
    }
    throw new Error('more effects than expected');
  }, 120_000);
});
