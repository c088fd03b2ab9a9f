import { describe, expect, it } from '@jest/globals';
import { aSlowCloud, running, SLOW_MS, stateOf } from './builders.js';

const LARGER = '2c-4096m';

describe('a suspended machine', () => {
  it('takes a stop to rest and a start to come back, without a boot', async () => {
    const world = aSlowCloud();
    const { clock, cloud, provider } = world;
    const machine = await running(world);

    await provider.suspend(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('stopping');
    clock.advance(SLOW_MS);
    expect(await stateOf(provider, machine)).toBe('suspended');
    await provider.resume(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('pending');
    clock.advance(SLOW_MS);

    expect(cloud.snapshot()).toMatchObject([{ state: 'running', boots: 1 }]);
  });

  it('gives its place away, and a paused one keeps it', async () => {
    const world = aSlowCloud({ stopMs: 0, room: { 'zone-a': { instances: 1 } } });
    const { provider } = world;
    const { providerId } = await running(world);
    const free = async () => (await provider.shape()).headroom.instances;
    world.cloud.setImpaired('zone-b', true);

    await provider.pause(providerId);
    expect(await free()).toBe(0);
    await provider.unpause(providerId);
    await provider.suspend(providerId);
    expect(await free()).toBe(1);
  });

  it('can be stopped, which is at once, but not while it is being suspended', async () => {
    const world = aSlowCloud();
    const machine = await running(world);
    await world.provider.suspend(machine.providerId);

    await expect(world.provider.stop(machine.providerId)).rejects.toMatchObject({ kind: 'conflict' });
    world.clock.advance(SLOW_MS);
    await world.provider.stop(machine.providerId);

    expect(await stateOf(world.provider, machine)).toBe('stopped');
  });
});

describe('a resize', () => {
  it('stops, changes and starts, each in its time', async () => {
    const world = aSlowCloud();
    const { clock, provider } = world;
    const machine = await running(world);
    const seen: (string | undefined)[] = [];
    const step = async () => {
      const progress = await provider.resize(machine.providerId, LARGER, 'running');
      const now = (await provider.describe([machine.providerId])).get(machine.providerId);
      seen.push(`${progress}, ${now?.state}, ${now?.size}`);
      clock.advance(SLOW_MS);
    };

    for (let call = 1; call <= 4; call += 1) await step();

    expect(seen).toEqual([
      'under-way, stopping, 1c-2048m',
      `under-way, stopped, ${LARGER}`,
      `under-way, pending, ${LARGER}`,
      `done, running, ${LARGER}`,
    ]);
  });

  it('keeps a start out while the vendor works on the size', async () => {
    const world = aSlowCloud({ stopMs: 0 });
    const { providerId } = await running(world);
    await world.provider.resize(providerId, LARGER, 'stopped');

    await expect(world.provider.start(providerId)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('goes back to the size it had when the new one has no room', async () => {
    const world = aSlowCloud({ changeMs: 0, stopMs: 0, room: { 'zone-a': { memoryMb: 3_000 } } });
    const { providerId } = await running(world);

    await expect(world.provider.resize(providerId, LARGER, 'running')).rejects.toMatchObject({ kind: 'capacity' });

    expect(world.cloud.snapshot()).toMatchObject([{ state: 'stopped', size: '1c-2048m', memoryMb: 2048 }]);
    await expect(world.provider.start(providerId)).resolves.toBeUndefined();
  });

  it('beyond the quota is refused, and the machine keeps its size', async () => {
    const world = aSlowCloud({ stopMs: 0, quota: { memoryMb: 3_000 } });
    const { providerId } = await running(world);

    await expect(world.provider.resize(providerId, LARGER, 'running')).rejects.toMatchObject({ kind: 'quota' });

    expect(world.cloud.snapshot()).toMatchObject([{ size: '1c-2048m' }]);
  });

  it('moves what the zone and the account have left, there and back', async () => {
    const world = aSlowCloud({ bootMs: 0, changeMs: 0, stopMs: 0, quota: { memoryMb: 8192 } });
    const { providerId } = await running(world);
    const left = async () => (await world.provider.shape()).headroom.memoryMb;

    await world.provider.resize(providerId, LARGER, 'running');
    expect(await left()).toBe(4096);
    await world.provider.resize(providerId, '1c-2048m', 'running');
    expect(await left()).toBe(6144);
    await world.provider.terminate(providerId);
    expect(await left()).toBe(8192);
  });
});

describe('a rescue', () => {
  it('does not come back when its call arrives late, after the machine has left it', async () => {
    const world = aSlowCloud({ bootMs: 0, stopMs: 0 });
    const { providerId } = await running(world);
    const rescue = { providerImageId: null, password: null, token: 'rescue-1' };
    await world.provider.rescue(providerId, rescue);
    expect(world.cloud.snapshot()).toMatchObject([{ isRescued: true }]);
    await world.provider.unrescue(providerId, { token: 'unrescue-1' });

    expect(await world.provider.rescue(providerId, rescue)).toBe('done');

    expect(world.cloud.snapshot()).toMatchObject([{ isRescued: false, effects: { rescue: 1 } }]);
  });

  it('keeps resize, rebuild and another rescue out', async () => {
    const world = aSlowCloud({ bootMs: 0, stopMs: 0 });
    const { provider } = world;
    const { providerId } = await running(world);
    await provider.rescue(providerId, { providerImageId: null, password: null, token: 'rescue-1' });

    const refused = [
      provider.resize(providerId, LARGER, 'running'),
      provider.rebuild(providerId, { providerImageId: 'image-1', token: 'rebuild-1' }),
      provider.rescue(providerId, { providerImageId: null, password: null, token: 'rescue-2' }),
    ];

    await Promise.all(refused.map((call) => expect(call).rejects.toMatchObject({ kind: 'conflict' })));
  });
});

describe('a rebuild', () => {
  it('boots a running machine from the new image while it stays running, and ends in its time', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const rebuild = { providerImageId: 'image-2', token: 'rebuild-1' };

    expect(await world.provider.rebuild(providerId, rebuild)).toBe('under-way');
    expect(world.cloud.snapshot()).toMatchObject([{ state: 'running', imageId: 'image-2', boots: 2 }]);
    world.clock.advance(SLOW_MS);

    expect(await world.provider.rebuild(providerId, rebuild)).toBe('done');
    expect(world.cloud.snapshot()).toMatchObject([{ boots: 2, effects: { rebuild: 1 } }]);
  });
});
