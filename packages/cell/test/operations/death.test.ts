import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@burstcell/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tombstone } from '../../src/fronts/cells-v1/translate/tombstone.js';
import { Fate } from './replica.js';
import { World } from './world.js';

/** More effects than any of the lives below has. */
const MAX_EFFECTS = 40;

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

/** Runs a life once for each of its effects, dying there, until it has no effect left to die at. */
async function atEachEffect(life: (fate: Fate) => Promise<void>): Promise<number> {
  for (let at = 1; at <= MAX_EFFECTS; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const fate = new Fate({ at, when });
      await life(fate);
      if (!fate.isDead) return at - 1;
    }
  }
  throw new Error('more effects than expected');
}

describe('an operation whose process dies', () => {
  it('builds one machine and no second, whichever effect was the last', async () => {
    const effects = await atEachEffect(async (fate) => {
      const uuid = randomUUID();
      await world.submit(uuid, 'build');

      await world.settle(uuid, fate);

      const view = (await world.store.instances.views([uuid])).get(uuid);
      expect({ vm: view?.vm_state, task: view?.task_state }).toEqual({ vm: 'active', task: null });
      expect(world.machines(uuid)).toHaveLength(1);
      expect(world.living(uuid)[0]?.providerId).toBe((await world.store.providerInstances.of([uuid])).get(uuid)?.providerId);
    });
    expect(effects).toBeGreaterThanOrEqual(4);
  }, 60_000);

  it('deletes the machine and the row, whichever effect was the last', async () => {
    const effects = await atEachEffect(async (fate) => {
      const uuid = randomUUID();
      await world.submit(uuid, 'build');
      await world.settle(uuid, new Fate());
      await world.submit(uuid, 'delete');

      await world.settle(uuid, fate);

      expect((await world.store.instances.views([uuid])).get(uuid)?.deleted).not.toBe(0);
      expect(world.living(uuid)).toEqual([]);
    });
    expect(effects).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('deletes a machine that is still protected, whichever effect was the last', async () => {
    await atEachEffect(async (fate) => {
      const uuid = await world.builtInstance();
      await world.store.commit({ writes: [{ write: 'patch-instance', uuid, set: { locked: true } }] });
      await world.perform(uuid, 'protect');
      await world.submit(uuid, 'delete');

      await world.settle(uuid, fate);

      expect((await world.view(uuid)).deleted).not.toBe(0);
      expect(world.living(uuid)).toEqual([]);
    });
  }, 60_000);

  it('leaves nothing when the delete comes while the build is under way', async () => {
    await atEachEffect(async (fate) => {
      const uuid = randomUUID();
      await world.submit(uuid, 'build');
      await world.work(fate);
      await world.submit(uuid, 'delete');

      await world.settle(uuid, new Fate());

      expect((await world.store.instances.views([uuid])).get(uuid)?.deleted).not.toBe(0);
      expect(world.living(uuid)).toEqual([]);
    });
  }, 60_000);

  it('stops the machine, whichever effect was the last', async () => {
    await atEachEffect(async (fate) => {
      const uuid = randomUUID();
      await world.submit(uuid, 'build');
      await world.settle(uuid, new Fate());
      await world.submit(uuid, 'stop');

      await world.settle(uuid, fate);

      const view = (await world.store.instances.views([uuid])).get(uuid);
      expect({ vm: view?.vm_state, task: view?.task_state, power: view?.power_state }).toEqual({
        vm: 'stopped',
        task: null,
        power: 4,
      });
      expect(world.living(uuid)[0]?.state).toBe('stopped');
    });
  }, 60_000);
});

const LARGE = { id: 2, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 2, root_gb: 20, ephemeral_gb: 0, swap: 0 };

describe.each<[verb: string, before: readonly string[], parameters: JsonObject, vmState: string, machines: number]>([
  ['resize', [], { flavor: LARGE }, 'resized', 1],
  ['rebuild', [], { image_href: 'other' }, 'active', 1],
  ['snapshot', [], { image_id: 'image-1' }, 'active', 1],
  ['shelve', [], {}, 'shelved_offloaded', 0],
  ['unshelve', ['shelve'], {}, 'active', 1],
  ['rescue', [], {}, 'rescued', 1],
])('a %s whose process dies', (verb, before, parameters, vmState, machines) => {
  it('comes to the same end, whichever effect was the last', async () => {
    await atEachEffect(async (fate) => {
      const uuid = await world.builtInstance();
      for (const earlier of before) await world.perform(uuid, earlier);
      await world.submit(uuid, verb, parameters);

      await world.settle(uuid, fate);

      expect(await world.states(uuid)).toMatchObject({ vm: vmState, task: null });
      expect(world.living(uuid)).toHaveLength(machines);
    });
  }, 120_000);
});

describe('a launch whose reply is lost', () => {
  it('is called again with its token, and makes no second machine', async () => {
    const uuid = randomUUID();
    world.cloud.fault({ on: 'launch', when: 'after', error: 'unavailable' });
    await world.submit(uuid, 'build');

    await world.settle(uuid, new Fate());

    expect(world.machines(uuid)).toHaveLength(1);
    expect((await world.store.launches.of(uuid)).map((launch) => launch.outcome)).toEqual(['launched']);
  });
});

describe('a delete that overtakes its build', () => {
  it('leaves a row that keeps the build from starting anything', async () => {
    const uuid = randomUUID();
    await world.store.commit({ writes: [tombstone(uuid)] });
    await world.perform(uuid, 'delete');

    await world.perform(uuid, 'build');

    expect((await world.view(uuid)).deleted).not.toBe(0);
    expect(world.machines(uuid)).toEqual([]);
  });
});
