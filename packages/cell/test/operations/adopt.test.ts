import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Adoption, adoptionAgain, adoptionOf, adoptionUnit } from '../../src/operations/adoption.js';
import { ADOPTION_GAP_MS } from '../../src/timings.js';
import { Fate, type ReplicaOptions } from './replica.js';
import { World } from './world.js';

const FLAVOR = { id: 4, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 1, root_gb: 20, ephemeral_gb: 0 };
const PACE = { paceMs: ADOPTION_GAP_MS };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

async function outsider(): Promise<string> {
  const providerId = world.cloud.launchOutside('zone-a', { name: 'legacy', vcpus: 1, memoryMb: 2_048 });
  world.clock.advance(10_000);
  return providerId;
}

/** What `burstcell adopt` records. */
async function adoption(providerId: string, more: Partial<Adoption> = {}): Promise<Adoption> {
  const machine = (await new Simulator({ cloud: world.cloud }).describe([providerId])).get(providerId);
  if (machine === undefined) throw new Error(`no machine ${providerId}`);
  const { uuid } = await adoptionOf(world.store, 'ec2/first', providerId);
  const whose = { projectId: 'p', userId: 'u', isDeletable: false };
  return { uuid, machine, name: 'legacy', flavor: FLAVOR, host: 'ec2-zone-a', ...whose, ...more };
}

async function submit(wanted: Adoption): Promise<void> {
  await world.store.commit(adoptionUnit(wanted, `req-${randomUUID()}`, new Date()));
}

async function adopted(more: Partial<Adoption> = {}, options: ReplicaOptions = {}): Promise<Adoption> {
  const wanted = await adoption(await outsider(), more);
  await submit(wanted);
  await world.settle(wanted.uuid, new Fate(), { ...PACE, ...options });
  return wanted;
}

const machineOf = ({ machine }: Adoption) => {
  const found = world.cloud.snapshot().find(({ providerId }) => providerId === machine.providerId);
  if (found === undefined) throw new Error('the machine has vanished');
  return found;
};

/** What waits to be said of the instance, in order. */
async function waiting(uuid: string): Promise<readonly string[]> {
  const said: string[] = [];
  for (;;) {
    const entries = await world.store.outbox.claim({ holder: randomUUID(), leaseMs: 60_000, limit: 500 });
    if (entries.length === 0) return said;
    const ours = entries.filter((entry) => entry.uuid === uuid);
    said.push(...ours.map(({ kind, payload }) => `${kind} ${payload.part ?? (payload.names === true ? 'named' : '')}`.trim()));
    await world.store.outbox.sent(entries);
  }
}

describe('a machine that is adopted', () => {
  it('becomes an instance at rest, with the flavor, host and addresses it has', async () => {
    const { uuid, machine } = await adopted();

    expect(await world.view(uuid)).toMatchObject({
      ...{ vm_state: 'active', task_state: null, power_state: 1, host: 'ec2-zone-a', project_id: 'p', user_id: 'u' },
      ...{ display_name: 'legacy', memory_mb: 2_048, vcpus: 1, instance_type_id: 4, flavor: FLAVOR },
      launched_at: new Date(machine.launchedAt ?? ''),
    });
    expect((await world.view(uuid)).network_info).toHaveLength(1);
    expect(world.living(uuid)).toEqual([]);
  });

  it('is told to the parent in parts, in their order, and then as it is', async () => {
    const { uuid } = await adopted();

    const said = await waiting(uuid);

    expect(said.filter((each) => each.startsWith('adoption'))).toEqual(['adoption 0', 'adoption 1', 'adoption 2']);
    expect(said).toContain('state named');
  });

  it('waits between the parts although it is woken', async () => {
    const wanted = await adoption(await outsider());
    await submit(wanted);
    await world.work(new Fate());
    await world.store.commit({ writes: [{ write: 'wake-operations', uuid: wanted.uuid }] });

    await world.work(new Fate());

    expect(await waiting(wanted.uuid)).toEqual(['adoption 0']);
    await world.settle(wanted.uuid, new Fate(), PACE);
  });

  it('is there once, however often it is wanted', async () => {
    const wanted = await adoption(await outsider());
    await Promise.all([submit(wanted), submit(wanted)]);
    await world.settle(wanted.uuid, new Fate(), PACE);

    const again = await adoptionOf(world.store, 'ec2/first', wanted.machine.providerId);
    if (again.instance === null) throw new Error('it is not found again');
    await world.store.commit(adoptionAgain(again.instance, `req-${randomUUID()}`, new Date()));
    await world.settle(wanted.uuid, new Fate(), PACE);

    expect(again.uuid).toBe(wanted.uuid);
    expect(await world.view(wanted.uuid)).toMatchObject({ vm_state: 'active', deleted: 0 });
    expect((await waiting(wanted.uuid)).filter((each) => each === 'adoption 0')).toHaveLength(2);
  });

  it('stops and starts like any other', async () => {
    const { uuid } = await adopted();

    await world.perform(uuid, 'stop');
    expect(await world.states(uuid)).toEqual({ vm: 'stopped', task: null, power: 4 });
    await world.perform(uuid, 'start');

    expect(await world.states(uuid)).toEqual({ vm: 'active', task: null, power: 1 });
  });

  it('comes to its end, whichever effect was the last of a process', async () => {
    for (let at = 1; at <= 20; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const wanted = await adoption(await outsider());
        await submit(wanted);
        const fate = new Fate({ at, when });
        await world.settle(wanted.uuid, fate, PACE);

        expect(machineOf(wanted)).toMatchObject({ uuid: wanted.uuid, isAdopted: true });
        expect(await world.states(wanted.uuid)).toMatchObject({ vm: 'active', task: null });
        if (!fate.isDead) return;
      }
    }
    throw new Error('more effects than expected');
  }, 60_000);

  it('leaves no row when another cell was faster, and says why', async () => {
    const wanted = await adoption(await outsider());
    await new Simulator({ cloud: world.cloud, cellName: 'another' }).adopt?.(wanted.machine.providerId, randomUUID());
    await submit(wanted);

    await world.settle(wanted.uuid, new Fate(), PACE);

    expect((await world.view(wanted.uuid)).deleted).not.toBe(0);
    expect(await world.store.actions.of(wanted.uuid)).toMatchObject([
      { action: 'adopt', message: expect.stringMatching(/^Error: /) },
    ]);
    expect((await waiting(wanted.uuid)).filter((each) => /^(state|adoption)/.test(each))).toEqual([]);
  });

  it('is refused, and not touched, under a parent that cannot be told of it', async () => {
    const wanted = await adopted({}, { refusesAdoption: 'A parent of release havana cannot.' });

    expect(machineOf(wanted).owner).toBe('');
    expect((await world.view(wanted.uuid)).deleted).not.toBe(0);
  });
});

describe('the delete of an adopted instance', () => {
  const eventsOf = async (uuid: string) => {
    const [newest] = await world.store.actions.of(uuid);
    return newest === undefined ? [] : world.store.actions.events(newest.id);
  };

  it('takes the row and our tags away, leaves the machine running, and says so', async () => {
    const wanted = await adopted();

    await world.perform(wanted.uuid, 'delete');

    expect((await world.view(wanted.uuid)).deleted).not.toBe(0);
    expect(machineOf(wanted)).toMatchObject({ state: 'running', owner: '', uuid: null });
    expect(await eventsOf(wanted.uuid)).toContainEqual(
      expect.objectContaining({ event: 'machine_left_running', details: expect.stringContaining('runs on') }),
    );
  });

  it('leaves it running whichever effect was the last of a process', async () => {
    for (let at = 1; at <= 10; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const wanted = await adopted();
        await world.submit(wanted.uuid, 'delete');
        const fate = new Fate({ at, when });
        await world.settle(wanted.uuid, fate, PACE);

        expect(machineOf(wanted)).toMatchObject({ state: 'running', owner: '' });
        expect((await world.view(wanted.uuid)).deleted).not.toBe(0);
        if (!fate.isDead) return;
      }
    }
    throw new Error('more effects than expected');
  }, 60_000);

  it('is at once and without a stop where deletes can be taken back', async () => {
    const wanted = await adopted();

    await world.perform(wanted.uuid, 'soft-delete', {}, { reclaimMs: 60_000 });

    expect(machineOf(wanted).state).toBe('running');
    expect((await world.view(wanted.uuid)).deleted).not.toBe(0);
  });

  it('ends the machine where it was adopted as deletable', async () => {
    const wanted = await adopted({ isDeletable: true });

    await world.perform(wanted.uuid, 'delete');

    expect(['terminating', 'terminated']).toContain(machineOf(wanted).state);
  });

  it('lets the machine be adopted once more, as another instance', async () => {
    const wanted = await adopted();
    await world.perform(wanted.uuid, 'delete');

    const again = await adoption(wanted.machine.providerId);
    await submit(again);
    await world.settle(again.uuid, new Fate(), PACE);

    expect(again.uuid).not.toBe(wanted.uuid);
    expect(machineOf(again)).toMatchObject({ uuid: again.uuid, state: 'running' });
  });

  it.each(['shelve', 'rebuild'])('is not to be had by %s either: a protected machine keeps its disk', async (verb) => {
    const wanted = await adopted();

    await world.perform(wanted.uuid, verb, { image_href: randomUUID() });

    expect(await world.states(wanted.uuid)).toEqual({ vm: 'active', task: null, power: 1 });
    expect(machineOf(wanted).effects).toMatchObject({ snapshot: 0, rebuild: 0 });
    const [action] = await world.store.actions.of(wanted.uuid);
    expect(action?.message).toContain('protected');
  });
});
