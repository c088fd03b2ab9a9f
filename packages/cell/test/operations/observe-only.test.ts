import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fate } from './replica.js';
import { World } from './world.js';

const OBSERVING = { observeOnly: true };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

async function lastWord(uuid: string): Promise<string | null | undefined> {
  return (await world.store.actions.of(uuid))[0]?.message;
}

describe('a cell that only observes', () => {
  it.each(['stop', 'reboot-hard', 'shelve', 'rescue', 'delete'])(
    'refuses to %s: the instance is as it was, and is told why',
    async (verb) => {
      const uuid = await world.builtInstance();
      await world.store.commit({ writes: [{ write: 'patch-instance', uuid, set: { task_state: 'some-task' } }] });

      await world.perform(uuid, verb, {}, OBSERVING);

      expect(await world.states(uuid)).toEqual({ vm: 'active', task: null, power: 1 });
      expect((await world.view(uuid)).deleted).toBe(0);
      expect(world.living(uuid)).toMatchObject([{ state: 'running', boots: 1 }]);
      expect(await lastWord(uuid)).toContain('only observes');
    },
  );

  it('refuses a boot, which ends in ERROR, starts nothing and can be deleted', async () => {
    const uuid = randomUUID();

    await world.perform(uuid, 'build', {}, OBSERVING);

    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect(await lastWord(uuid)).toContain('only observes');
    expect(world.machines(uuid)).toEqual([]);
    await world.perform(uuid, 'delete', {}, OBSERVING);
    expect((await world.view(uuid)).deleted).not.toBe(0);
  });

  it('does not delete what may have been started, though nobody knows the machine', async () => {
    const uuid = randomUUID();
    await world.submit(uuid, 'build');
    // Dies once the launch is recorded and made, before its answer is.
    await world.work(new Fate({ at: 2, when: 'after' }));
    expect(world.living(uuid)).toHaveLength(1);

    await world.submit(uuid, 'delete');
    await world.settle(uuid, new Fate(), OBSERVING);

    expect(world.living(uuid)).toHaveLength(1);
    expect((await world.view(uuid)).deleted).toBe(0);
  });

  it('goes on telling what is seen', async () => {
    const uuid = await world.builtInstance();
    const machine = world.living(uuid)[0];
    world.cloud.stopOutside(machine?.providerId ?? '');
    world.clock.advance(60_000);
    const row = (await world.store.providerInstances.of([uuid])).get(uuid);
    if (row === undefined || machine === undefined) throw new Error('no machine');
    const observed = { ...row.observed, state: 'stopped' };
    await world.store.commit({ writes: [{ write: 'set-provider-instance', ...row, state: 'stopped', observed }] });

    await world.perform(uuid, 'observe', {}, OBSERVING);

    expect(await world.states(uuid)).toMatchObject({ vm: 'stopped', task: null });
  });
});
