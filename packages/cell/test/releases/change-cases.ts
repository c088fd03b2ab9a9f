import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ApiRefusal } from '../demo-parent/api-refusal.js';
import { flavorNamed } from '../demo-parent/flavors.js';
import { isObject, type Json, type JsonObject } from '../demo-parent/json.js';
import { NeverSent } from '../demo-parent/never-sent.js';
import { VOLUME_ID } from './local-cell.js';
import type { VerbCase } from './verb-case.js';
import type { World } from './world.js';

const SMALL = flavorNamed('m1.small');
const TINY = flavorNamed('m1.tiny');
const GUEST_PASSWORD = 'set-by-a-user';
/** A Kilo parent cannot confirm: what was resized there is active again. */
const resizedState = ({ release }: World) => (release === 'kilo' ? 'active' : 'resized');

/** What makes another server of it: size, image, place, disks, addresses. */
export const changeCases: readonly VerbCase[] = [
  {
    verb: 'resize, migrate',
    run: async (world) => {
      const uuid = await resized(world);
      await showsFlavor(world, uuid, { now: '2', old: resizedState(world) === 'resized' ? '1' : null });
      const migrated = await world.active();
      await world.drive('migrate', migrated, resizedState(world), { current: TINY });
      assert.equal(world.row(migrated).columns.memory_mb, TINY.memory_mb);
    },
  },
  {
    verb: 'resize-confirm',
    run: async (world) => {
      const uuid = await resized(world);
      await world.drive('resize-confirm', uuid, 'active');
      await showsFlavor(world, uuid, { now: '2', old: null });
    },
  },
  {
    verb: 'resize-revert',
    run: async (world) => {
      const uuid = await resized(world);
      await world.drive('resize-revert', uuid, 'active');
      await showsFlavor(world, uuid, { now: '1', old: null });
    },
  },
  {
    verb: 'rebuild',
    run: async (world) => {
      const uuid = await world.active();
      const imageId = randomUUID();
      const shown = await world.drive('rebuild', uuid, 'active', { imageId, name: 'rebuilt' });
      assert.equal(world.row(uuid).columns.image_ref, imageId);
      assert.equal(shown.name, 'rebuilt');
    },
  },
  { verb: 'image-create', run: async (world) => void (await world.drive('image-create', await world.active(), 'active')) },
  {
    verb: 'backup',
    run: async (world) => {
      const uuid = await world.active();
      await world.drive('backup', uuid, 'active', { rotation: 1 });
      await world.drive('backup', uuid, 'active', { rotation: 1 });
      const kept = await world.database.query('select 1 from images where instance_uuid = $1 and deleted = 0', [uuid]);
      assert.equal(kept.length, 1, 'only as many backups as asked for are kept');
    },
  },
  {
    verb: 'shelve',
    run: async (world) => {
      const uuid = await shelved(world);
      await world.until('the image it was shelved as', () => 'shelved_image_id' in world.row(uuid).system_metadata);
    },
  },
  {
    verb: 'shelve-offload',
    run: async (world) => {
      // The cell offloads at once, so users never meet a shelved server; the parent is made to believe in one.
      const uuid = await shelved(world);
      world.row(uuid).columns.vm_state = 'shelved';
      await world.send('shelve-offload', uuid);
      await world.shows(uuid, 'shelved_offloaded');
    },
  },
  {
    verb: 'unshelve',
    run: async (world) => {
      const uuid = await shelved(world);
      const shown = await world.drive('unshelve', uuid, 'active');
      assert.equal(shown.powerState, 1);
      const left = () => Object.keys(world.row(uuid).system_metadata).filter((key) => key.startsWith('shelved_'));
      await world.until('nothing of the shelf is left', () => left().length === 0);
    },
  },
  {
    verb: 'set-password',
    run: async (world) => void (await world.drive('set-password', await world.active(), 'active', { password: GUEST_PASSWORD })),
  },
  { verb: 'boot --block-device source=volume|snapshot, bootindex=0', alone: true, run: bootedFromVolume },
  { verb: 'volume-attach', alone: true, run: attachedAndDetached },
  { verb: 'volume-detach', alone: true, run: attachedAndDetached },
  { verb: 'add-fixed-ip', run: async (world) => void (await withAddress(world)) },
  {
    verb: 'remove-fixed-ip',
    run: async (world) => {
      const { uuid, address } = await withAddress(world);
      await world.send('remove-fixed-ip', uuid, { address });
      await world.until('the address has gone', () => !addresses(world, uuid).includes(address));
    },
  },
  {
    verb: 'reset-network',
    run: async (world) => {
      const uuid = await world.active();
      await world.send('reset-network', uuid);
      await world.drive('stop', uuid, 'stopped');
    },
  },
  { verb: 'live-migration', run: liveMigrated },
  { verb: 'evacuate', run: async (world) => void (await world.drive('evacuate', await world.active(), 'active')) },
];

async function resized(world: World): Promise<string> {
  // Grizzly sends a flavor's id only: the cell knows the flavors it has seen in builds.
  if (world.release === 'grizzly') await world.active(SMALL.name);
  const uuid = await world.active();
  await world.drive('resize', uuid, resizedState(world), { flavor: SMALL });
  assert.equal(world.row(uuid).columns.memory_mb, SMALL.memory_mb);
  return uuid;
}

/** The flavors the parent has of a server, where its release can be told of them: Kilo cannot. */
/** The flavor may come with an update after the one that brought the state. */
async function showsFlavor(
  world: World,
  uuid: string,
  wanted: { readonly now: string; readonly old: string | null },
): Promise<void> {
  const isShown = () => isDeepStrictEqual(flavorShown(world, uuid), flavorWanted(world, wanted));
  await world.eventually(`${uuid} has flavor ${JSON.stringify(wanted)}`, async () => isShown() || undefined);
}

function flavorWanted({ release }: World, { now, old }: { readonly now: string; readonly old: string | null }) {
  return release === 'kilo' ? { id: Number(now) } : { id: Number(now), now, old };
}

function flavorShown(world: World, uuid: string) {
  const row = world.row(uuid);
  const id = row.columns.instance_type_id;
  if (world.release === 'kilo') return { id };
  const keyed = world.parent.dialect.flavorInSystemMetadata;
  const now = keyed ? row.system_metadata.instance_type_flavorid : flavorId(row.flavor);
  const old = keyed ? row.system_metadata.old_instance_type_flavorid : flavorId(row.old_flavor);
  return { id, now: now ?? null, old: old ?? null };
}

function flavorId(flavor: JsonObject | null): Json {
  const data = flavor?.['nova_object.data'];
  return (isObject(data) ? data.flavorid : flavor?.flavorid) ?? null;
}

async function shelved(world: World): Promise<string> {
  const uuid = await world.active();
  await world.send('shelve', uuid);
  await world.shows(uuid, 'shelved_offloaded');
  await world.until('it has no host', () => world.parent.show(uuid)?.host === null);
  return uuid;
}

/** The one volume there is boots a server, and is free for the next when that one is deleted. */
async function bootedFromVolume(world: World): Promise<void> {
  const [uuid = ''] = await world.parent.api.boot({ name: 'from-volume', volumeId: VOLUME_ID });
  await world.shows(uuid, 'active');
  const own = 'select boot_index from block_device_mapping where instance_uuid = $1 and volume_id = $2 and deleted = 0';
  assert.deepEqual(await world.database.query(own, [uuid, VOLUME_ID]), [{ boot_index: 0 }]);
  const roots = () =>
    (world.parent.tables.blockDevices.get(uuid) ?? []).filter(
      ({ volume_id: id, boot_index: at }) => id === VOLUME_ID && at === 0,
    );
  if (world.release !== 'grizzly') await world.until('the device is at the parent', () => roots().length === 1);
  await world.parent.api.delete(uuid);
  await world.gone(uuid);
}

/** Attaches the one volume there is, and detaches it again so that the next may have it. Grizzly has no messages for devices. */
async function attachedAndDetached(world: World): Promise<void> {
  const uuid = await world.active();
  const isTold = world.release !== 'grizzly';
  const devices = () => (world.parent.tables.blockDevices.get(uuid) ?? []).filter(({ volume_id: id }) => id === VOLUME_ID);
  const answer = await world.send('volume-attach', uuid, { volumeId: VOLUME_ID });
  await world.rest(uuid, 'active');
  if (isTold) {
    await world.until('the device is at the parent', () => devices().length === 1);
    assert.equal(answer, devices()[0]?.device_name);
  }
  await world.drive('volume-detach', uuid, 'active', { volumeId: VOLUME_ID });
  await world.until('the device has gone at the parent', () => devices().length === 0);
}

function addresses(world: World, uuid: string): readonly string[] {
  return Object.values(world.parent.show(uuid)?.addresses ?? {}).flat();
}

async function withAddress(world: World): Promise<{ uuid: string; address: string }> {
  const uuid = await world.active();
  const before = addresses(world, uuid);
  const [vif] = world.row(uuid).network_info;
  const network = isObject(vif) && isObject(vif.network) ? vif.network.id : null;
  await world.send('add-fixed-ip', uuid, { networkId: String(network) });
  await world.until('one address more', () => addresses(world, uuid).length === before.length + 1);
  return { uuid, address: addresses(world, uuid).find((each) => !before.includes(each)) ?? '' };
}

/** Where the parent fails before it sends the verb, the task state it has set is lifted all the same. */
async function liveMigrated(world: World): Promise<void> {
  const uuid = await world.active();
  if (world.parent.dialect.liveMigration) return void (await world.drive('live-migration', uuid, 'active'));
  await world.send('live-migration', uuid).catch((error: unknown) => {
    if (!(error instanceof ApiRefusal)) throw error;
  });
  await world.shows(uuid, 'active');
  throw new NeverSent('live-migration', world.release);
}
