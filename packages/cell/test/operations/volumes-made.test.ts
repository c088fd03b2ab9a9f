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
/** More effects than any of the lives below has. */
const MAX_EFFECTS = 40;
const ROOT_SNAPSHOT = { source_type: 'snapshot', boot_index: 0, snapshot_id: randomUUID() };
const DATA_SNAPSHOT = { source_type: 'snapshot', boot_index: null, snapshot_id: randomUUID(), volume_size: 7 };
const DATA_IMAGE = { source_type: 'image', boot_index: null, image_id: randomUUID(), volume_size: 9 };

describe('volumes that a server is booted with and that are made for it', () => {
  let world: World;
  let stub: VolumeStub;
  let volumes: Volumes;
  let made: StubVolume[];
  beforeAll(async () => {
    world = await World.make();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    stub = await startVolumes();
    volumes = openVolumes({ ...cinderConfig(), providerIdProperty: KEY });
    made = [];
    stub.onMade((volume) => {
      volume.metadata[KEY] = world.cloud.createVolume(volume.availability_zone ?? 'zone-b').providerVolumeId;
      made.push(volume);
    });
  });
  afterEach(() => stub.close());

  interface Boot {
    readonly fate?: Fate;
    readonly zone?: string;
    readonly without?: boolean;
  }

  const submitted = async (devices: readonly JsonObject[], { zone, without = false }: Boot = {}) => {
    const uuid = randomUUID();
    const volumeEndpoints = [{ type: 'volumev3', name: null, region: null, urls: { publicURL: stub.urlOf('p') } }];
    const nothing = { volume_size: null, volume_id: null, guest_format: null, delete_on_termination: false };
    const blockDevices = devices.map((device) => ({ ...nothing, destination_type: 'volume', ...device }));
    await world.submit(uuid, 'build', {
      ...{ image: { id: null, properties: {} }, blockDevices, zone: zone ?? null, auth_token: new Secrets('test').seal('token') },
      ...(without ? {} : { volumeEndpoints }),
    });
    return uuid;
  };
  const booted = async (devices: readonly JsonObject[], { fate = new Fate(), ...boot }: Boot = {}) => {
    const uuid = await submitted(devices, boot);
    await world.settle(uuid, fate, { volumes });
    return uuid;
  };
  const action = async (uuid: string) => (await world.store.actions.of(uuid))[0]?.message;
  const left = () => made.filter(({ id }) => stub.volume(id) !== undefined);

  it('are made in the zone that was asked for, as large as was asked, and hang at it', async () => {
    const uuid = await booted([ROOT_SNAPSHOT, DATA_SNAPSHOT, DATA_IMAGE], { zone: 'zone-a' });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(world.living(uuid)).toMatchObject([{ zone: 'zone-a', imageId: null }]);
    expect(made.map(({ size, availability_zone: zone }) => [size, zone])).toEqual([
      [1, 'zone-a'],
      [7, 'zone-a'],
      [9, 'zone-a'],
    ]);
    for (const volume of made) expect(volume).toMatchObject({ status: 'in-use', attachments: [{ server_id: uuid }] });
    const rows = await world.store.instances.blockDevices(uuid);
    expect(rows.map(({ volume_id: id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it('follow the first in its zone where none was asked for', async () => {
    const uuid = await booted([ROOT_SNAPSHOT, DATA_SNAPSHOT]);

    expect(world.living(uuid)).toMatchObject([{ zone: 'zone-b' }]);
    expect(made.map(({ availability_zone: zone }) => zone)).toEqual([undefined, 'zone-b']);
  });

  it('are waited for', async () => {
    stub.onMade((volume) => {
      volume.status = 'creating';
    });
    const uuid = await submitted([DATA_SNAPSHOT]);
    await world.work(new Fate(), { volumes });
    expect(world.machines(uuid)).toEqual([]);

    for (const volume of made) volume.status = 'available';
    await world.store.commit({ writes: [{ write: 'wake-operations', uuid }] });
    await world.settle(uuid, new Fate(), { volumes });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
    expect(made).toMatchObject([{ status: 'in-use' }]);
  });

  it('are made once, whichever effect was the last before the process died', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const fate = new Fate({ at, when });
        made = [];

        const uuid = await booted([ROOT_SNAPSHOT, DATA_IMAGE], { fate });

        expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
        expect(made).toMatchObject([{ status: 'in-use' }, { status: 'in-use' }]);
        expect(world.machines(uuid)).toHaveLength(1);
        if (!fate.isDead) break;
        if (at === MAX_EFFECTS) throw new Error('more effects than expected');
      }
    }
  }, 120_000);

  it('are deleted again when the build fails, whichever effect was the last', async () => {
    for (let at = 1; at <= MAX_EFFECTS; at += 1) {
      const fate = new Fate({ at, when: at % 2 === 0 ? 'before' : 'after' });
      world.cloud.clearFaults();
      world.cloud.fault({ on: 'attachVolume', when: 'before', error: 'unauthorized' });

      const uuid = await booted([ROOT_SNAPSHOT, DATA_IMAGE], { fate });

      expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
      expect(world.living(uuid)).toEqual([]);
      expect(left()).toEqual([]);
      if (!fate.isDead) return;
    }
    throw new Error('more effects than expected');
  }, 120_000);

  it('are deleted when the server is deleted before it was built', async () => {
    const uuid = await submitted([DATA_SNAPSHOT]);
    stub.onMade((volume) => {
      volume.status = 'creating';
    });
    await world.work(new Fate(), { volumes });
    expect(made).toMatchObject([{ status: 'creating' }]);

    await world.submit(uuid, 'delete');
    await world.work(new Fate(), { volumes });
    for (const volume of made) volume.status = 'available';
    await world.settle(uuid, new Fate(), { volumes });

    expect((await world.view(uuid)).deleted).not.toBe(0);
    expect(left()).toEqual([]);
  });

  it('that come to nothing fail the build, with a sentence', async () => {
    stub.onMade((volume) => {
      volume.status = 'error';
    });

    const uuid = await booted([DATA_IMAGE]);

    expect(await action(uuid)).toBe(`Error: The volume service could not make volume ${made[0]?.id}: it is error.`);
    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect(world.machines(uuid)).toEqual([]);
    expect(left()).toEqual([]);
  });

  it('need a volume service: without one the boot is refused', async () => {
    for (const device of [ROOT_SNAPSHOT, DATA_IMAGE]) {
      const uuid = await booted([device], { without: true });

      expect(await action(uuid)).toMatch(/^Error: A disk of an image or snapshot cannot be made here/);
      expect(world.machines(uuid)).toEqual([]);
    }
  });
});
