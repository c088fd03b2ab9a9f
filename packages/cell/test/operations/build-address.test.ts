import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fate } from './replica.js';
import { World } from './world.js';

const MOST_EFFECTS = 60;

let world: World;

beforeAll(async () => {
  world = await World.make({ keptAddresses: true });
});

afterAll(() => world.close());

/** The public addresses that nova shows. */
async function shownAddresses(uuid: string): Promise<readonly string[]> {
  const { network_info: info } = await world.view(uuid);
  const text = JSON.stringify(info);
  return [...text.matchAll(/"floating_ips":\[\{"address":"([\d.]+)"/g)].map(([, address = '']) => address);
}

describe('a build whose machine is to have a public address of its own', () => {
  it('is ACTIVE only with it, and shows it as a floating one, stopped too', async () => {
    const uuid = await world.builtInstance();
    const shown = await shownAddresses(uuid);

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(shown).toHaveLength(1);

    await world.perform(uuid, 'stop');
    expect(await shownAddresses(uuid)).toEqual(shown);
  });

  it('waits while the address is under way, and asks again where the answer is lost', async () => {
    world.cloud.fault({ on: 'ensureAddress', when: 'after', error: 'connection-reset' });
    world.cloud.fault({ on: 'ensureAddress', when: 'before', error: 'throttled' });
    const uuid = randomUUID();

    await world.perform(uuid, 'build', {}, { paceMs: 60_000 });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
    expect(await shownAddresses(uuid)).toHaveLength(1);
  });

  it('fails where there is none, in words that say so, and no machine stays', async () => {
    world.cloud.fault({ on: 'ensureAddress', when: 'before', error: 'quota' });

    const uuid = await world.builtInstance();

    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect(world.machines(uuid)).toHaveLength(1);
    expect(world.living(uuid)).toEqual([]);
  });

  it('ends ACTIVE with one address and one machine, wherever a process dies on the way', async () => {
    for (let at = 1; at <= MOST_EFFECTS; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const uuid = randomUUID();
        await world.submit(uuid, 'build');
        const fate = new Fate({ at, when });
        await world.settle(uuid, fate);
        if (!fate.isDead) return expect(at).toBeGreaterThan(5);

        expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
        expect(world.living(uuid)).toHaveLength(1);
        expect(await shownAddresses(uuid)).toHaveLength(1);
      }
    }
    throw new Error('a build has more effects than this test looks at');
  });

  it('makes no further step where the provider gives none', async () => {
    const uuid = randomUUID();
    const before = world.cloud.counts.ensureAddress ?? 0;

    await world.perform(uuid, 'build', {}, { without: ['ensureAddress'] });

    expect(world.cloud.counts.ensureAddress ?? 0).toBe(before);
    expect(await shownAddresses(uuid)).toEqual([]);
  });
});

describe('a build whose machine runs as soon as it is launched', () => {
  it('has its address too before it is ACTIVE', async () => {
    const quick = await World.make({ keptAddresses: true, bootMs: 0 });
    try {
      const uuid = await quick.builtInstance();

      expect(await quick.states(uuid)).toMatchObject({ vm: 'active' });
      expect(JSON.stringify((await quick.view(uuid)).network_info)).toContain('"type":"floating"');
    } finally {
      await quick.close();
    }
  });
});

describe('an unshelve that gets no address', () => {
  it('leaves the instance shelved without a machine, and the next one comes through', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'shelve');
    world.cloud.fault({ on: 'ensureAddress', when: 'before', error: 'quota' });

    await world.perform(uuid, 'unshelve');
    expect(await world.states(uuid)).toMatchObject({ vm: 'shelved_offloaded', task: null });
    expect(world.living(uuid)).toEqual([]);

    await world.perform(uuid, 'unshelve');
    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(world.living(uuid)).toHaveLength(1);
    expect(await shownAddresses(uuid)).toHaveLength(1);
  });
});
