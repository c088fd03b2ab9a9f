import { randomUUID } from 'node:crypto';
import type { ProviderAbility } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import type { JsonObject } from '@burstcell/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secrets } from '../../src/secrets.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const LARGE = { id: 2, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 2, root_gb: 20, ephemeral_gb: 0, swap: 0 };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

const at = (vm: string, power: number) => ({ vm, task: null, power });
const ACTIVE = at('active', 1);

describe.each<[string, string, ReturnType<typeof at>, string]>([
  ['stop', 'start', at('stopped', 4), 'stopped'],
  ['pause', 'unpause', at('paused', 3), 'paused'],
  ['suspend', 'resume', at('suspended', 4), 'suspended'],
])('%s and %s', (there, back, rest, machineState) => {
  it('bring instance and machine there and back', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, there);
    expect(await world.states(uuid)).toEqual(rest);
    expect(world.living(uuid)[0]?.state).toBe(machineState);

    await world.perform(uuid, back);
    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(world.living(uuid)[0]?.state).toBe('running');
  });
});

describe('rescue and unrescue', () => {
  it('bring the instance into a rescue system and out of it', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'rescue', { password: new Secrets('test').seal('p') });
    expect(await world.states(uuid)).toEqual(at('rescued', 1));

    await world.perform(uuid, 'unrescue');
    expect(await world.states(uuid)).toEqual(ACTIVE);
  });
});

describe('resize', () => {
  it('gives the machine its new size, which confirm keeps', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'resize', { flavor: LARGE });
    const resized = await world.view(uuid);
    expect(resized).toMatchObject({ vm_state: 'resized', task_state: null, memory_mb: 2_048, vcpus: 2, instance_type_id: 2 });
    expect(resized.old_flavor).toMatchObject({ flavorid: '1' });
    expect(world.living(uuid)[0]).toMatchObject({ state: 'running', memoryMb: 2_048 });

    await world.perform(uuid, 'confirm-resize');
    const confirmed = await world.view(uuid);
    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(confirmed).toMatchObject({ memory_mb: 2_048, old_flavor: null, new_flavor: null });
    expect(Object.keys(confirmed.system_metadata)).toEqual(['image_os']);
  });

  it('is really undone by revert', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'stop');

    await world.perform(uuid, 'resize', { flavor: LARGE });
    await world.perform(uuid, 'revert-resize');

    expect(await world.states(uuid)).toEqual(at('stopped', 4));
    expect(await world.view(uuid)).toMatchObject({ memory_mb: 512, vcpus: 1, instance_type_id: 1, old_flavor: null });
    expect(world.living(uuid)[0]).toMatchObject({ state: 'stopped', memoryMb: 512 });
    expect((await world.store.migrations.of(uuid))[0]).toMatchObject({ status: 'reverted', migration_type: 'resize' });
  });

  it('confirms itself for a parent that can do neither', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'resize', { flavor: LARGE, confirm: true });

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(await world.view(uuid)).toMatchObject({ memory_mb: 2_048 });
  });

  it('leaves the instance as it was when the new size has no room, and says so', async () => {
    const uuid = await world.builtInstance();
    const zone = world.living(uuid)[0]?.zone ?? '';
    world.cloud.setRoom(zone, { instancesByMemoryMb: { 2048: 0 } });

    await world.perform(uuid, 'resize', { flavor: LARGE });
    world.cloud.setRoom(zone, {});

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(await world.view(uuid)).toMatchObject({ memory_mb: 512 });
    expect(world.living(uuid)[0]).toMatchObject({ state: 'running', memoryMb: 512 });
    expect((await world.store.actions.of(uuid))[0]).toMatchObject({
      action: 'resize',
      message: expect.stringMatching(/^Error: No room/) as unknown as string,
    });
  });
});

describe('rebuild', () => {
  it.each([
    ['unsupported', 'active'],
    ['unauthorized', 'error'],
  ] as const)('that is answered with %s leaves the server in %s', async (error, vm) => {
    const uuid = await world.builtInstance();
    world.cloud.fault({ on: 'rebuild', when: 'before', error });

    await world.perform(uuid, 'rebuild', { image_href: 'other-image' });

    expect(await world.states(uuid)).toMatchObject({ vm, task: null });
  });

  it('puts the machine on a new image, and a stopped one stays stopped', async () => {
    const uuid = await world.builtInstance();
    const before = world.living(uuid)[0]?.providerId;
    await world.perform(uuid, 'stop');

    await world.perform(uuid, 'rebuild', { image_href: 'other-image' });

    expect(await world.states(uuid)).toEqual(at('stopped', 4));
    expect(await world.view(uuid)).toMatchObject({ image_ref: 'other-image' });
    expect(world.living(uuid)[0]?.providerId).toBe(before);
  });
});

describe('image-create and backup', () => {
  it('keep what stands behind the parent’s image record', async () => {
    const uuid = await world.builtInstance();
    const imageId = randomUUID();

    await world.perform(uuid, 'snapshot', { image_id: imageId });

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(await world.store.images.find(imageId)).toMatchObject({ instanceUuid: uuid, kind: 'snapshot' });
  });

  it('rotate out the oldest backups of their type only', async () => {
    const uuid = await world.builtInstance();
    const [weekly, first, second, third] = Array.from({ length: 4 }, () => randomUUID());
    await world.perform(uuid, 'backup', { image_id: weekly ?? '', backup_type: 'weekly', rotation: 1 });

    for (const image_id of [first, second, third]) {
      await world.perform(uuid, 'backup', { image_id: image_id ?? '', backup_type: 'daily', rotation: 2 });
    }

    const kept = (await world.store.images.of(uuid, { kind: 'backup' })).map((image) => image.imageId);
    expect(new Set(kept)).toEqual(new Set([weekly, second, third]));
  });
});

describe('shelve and unshelve', () => {
  it('give the machine up and bring the instance back on a new one', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'shelve');
    const shelved = await world.view(uuid);
    expect(shelved).toMatchObject({ vm_state: 'shelved_offloaded', task_state: null, host: null, node: null });
    expect(shelved.system_metadata).toMatchObject({
      image_os: 'linux',
      shelved_image_id: expect.any(String) as unknown as string,
    });
    expect(world.living(uuid)).toEqual([]);

    await world.perform(uuid, 'unshelve');
    const back = await world.view(uuid);
    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(world.living(uuid)).toHaveLength(1);
    expect(back.system_metadata).toEqual({ image_os: 'linux' });
    expect(await world.store.images.of(uuid)).toEqual([]);
  });
});

describe('a deferred delete', () => {
  it('stops the machine, and restore brings it back', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'soft-delete', {}, { reclaimMs: 3_600_000 });
    expect(await world.states(uuid)).toEqual(at('soft-delete', 4));

    await world.perform(uuid, 'restore');
    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect(await world.store.operations.pending(uuid)).toEqual([]);
  });

  it('ends the machine when its time is up', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'soft-delete', {}, { reclaimMs: 3_600_000 });

    await world.store.commit({ writes: [{ write: 'wake-operations', uuid }] });
    await world.work(new Fate());

    expect((await world.view(uuid)).deleted).not.toBe(0);
    expect(world.living(uuid)).toEqual([]);
  });

  it('is at once where nothing is deferred', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'soft-delete');

    expect((await world.view(uuid)).deleted).not.toBe(0);
  });
});

describe('volumes', () => {
  it('are attached under a name that is remembered, and detached', async () => {
    const uuid = await world.builtInstance();
    const volume = world.cloud.createVolume(world.living(uuid)[0]?.zone ?? '');

    await world.perform(uuid, 'attach-volume', { args: [volume.providerVolumeId, null] });
    const [device] = (await world.store.instances.blockDevices(uuid)).filter(
      (each) => each.volume_id === volume.providerVolumeId,
    );
    expect(device?.device_name).toMatch(/^\/dev\//);

    await world.perform(uuid, 'detach-volume', { args: [{ id: volume.providerVolumeId }] });
    expect((await world.store.instances.blockDevices(uuid)).filter((each) => each.volume_id === volume.providerVolumeId)).toEqual(
      [],
    );
  });
});

describe('fixed addresses', () => {
  it('are added to and removed from what the parent shows', async () => {
    const uuid = await world.builtInstance();
    const addresses = async () => JSON.stringify((await world.view(uuid)).network_info).match(/"type":"fixed"/g)?.length;

    await world.perform(uuid, 'add-fixed-ip', { args: [world.living(uuid)[0]?.nics[0]?.networkId ?? ''] });
    expect(await addresses()).toBe(2);

    const added = world
      .living(uuid)[0]
      ?.nics.flatMap((nic) => nic.addresses)
      .filter((each) => each.type === 'fixed')
      .at(-1)?.address;
    await world.perform(uuid, 'remove-fixed-ip', { args: [added ?? ''] });
    expect(await addresses()).toBe(1);
  });
});

describe('a verb the provider has no ability for', () => {
  it.each<[string, ProviderAbility, JsonObject]>([
    ['pause', 'pause', {}],
    ['suspend', 'suspend', {}],
    ['resize', 'resize', { flavor: LARGE }],
    ['snapshot', 'snapshot', { image_id: 'i' }],
    ['rebuild', 'rebuild', { image_href: 'i' }],
    ['set-password', 'setPassword', {}],
  ])('%s leaves the instance as it was, with a fault and a failed action', async (verb, ability, parameters) => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, verb, parameters, { without: [ability] });

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect((await world.store.actions.of(uuid))[0]?.message).toMatch(/^Error: .* not available in this cell/);
    expect(world.living(uuid)[0]?.state).toBe('running');
  });
});

describe('a locked instance', () => {
  const lock = (uuid: string, locked: boolean) =>
    world.store.commit({ writes: [{ write: 'patch-instance', uuid, set: { locked } }] });
  const endByHand = async (uuid: string) => {
    const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
    await provider.terminate(world.living(uuid)[0]?.providerId ?? '');
  };

  it('has a machine that nobody ends from outside, until it is unlocked', async () => {
    const uuid = await world.builtInstance();

    await lock(uuid, true);
    await world.perform(uuid, 'protect');
    await expect(endByHand(uuid)).rejects.toMatchObject({ kind: 'conflict' });

    await lock(uuid, false);
    await world.perform(uuid, 'protect');
    await endByHand(uuid);
    expect(world.living(uuid)).toEqual([]);
  });

  it('has its next machine protected too when it is unshelved', async () => {
    const uuid = await world.builtInstance();
    await lock(uuid, true);
    await world.perform(uuid, 'shelve');

    await world.perform(uuid, 'unshelve');

    await expect(endByHand(uuid)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await world.states(uuid)).toEqual(ACTIVE);
  });

  it('has no protection asked of a provider that has none when it is unshelved', async () => {
    const uuid = await world.builtInstance();
    await lock(uuid, true);
    await world.perform(uuid, 'shelve');

    await world.perform(uuid, 'unshelve', {}, { without: ['protect'] });

    expect(await world.states(uuid)).toEqual(ACTIVE);
    await endByHand(uuid);
  });

  it('keeps its states, and its user sees no action', async () => {
    const uuid = await world.builtInstance();
    await lock(uuid, true);

    await world.perform(uuid, 'protect');

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect((await world.store.actions.of(uuid)).map(({ action }) => action)).not.toContain('protect');
  });

  it('is deleted when nova says so, its protection first', async () => {
    const uuid = await world.builtInstance();
    await lock(uuid, true);
    await world.perform(uuid, 'protect');

    await world.perform(uuid, 'delete');

    expect(world.living(uuid)).toEqual([]);
    expect((await world.view(uuid)).deleted).not.toBe(0);
  });
});

describe('a verb from a state that does not allow it', () => {
  it('is refused, and the truth is told', async () => {
    const uuid = await world.builtInstance();

    await world.perform(uuid, 'start');

    expect(await world.states(uuid)).toEqual(ACTIVE);
    expect((await world.store.actions.of(uuid))[0]).toMatchObject({
      action: 'start',
      message: 'Error: Cannot start the instance while it is active.',
    });
  });
});
