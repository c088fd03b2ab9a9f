import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Leftovers } from '../../src/reconcile/leftovers.js';
import { type StrayPolicy, Strays } from '../../src/reconcile/strays.js';
import { Sweep } from '../../src/reconcile/sweep.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const HOUR_MS = 3_600_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

/** A sweep of our cell, by a clock that the test may set ahead. */
function aSweep({ policy = 'report', databaseSince = new Date(0) }: { policy?: StrayPolicy; databaseSince?: Date } = {}) {
  const { store } = world;
  const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const goAhead = (ms: number) => {
    aheadMs += ms;
  };
  const strays = new Strays({ store, provider, log, policy, databaseSince, now });
  const leftovers = new Leftovers({ provider, log, policy, now });
  const sweep = new Sweep({ store, provider, strays, leftovers, log, holder: 'test', intervalMs: 60_000, now });
  return { sweep: () => sweep.sweep(), goAhead };
}

async function settled(uuid: string): Promise<void> {
  await world.settle(uuid, new Fate());
}

describe('what was done outside of nova', () => {
  it('shows a machine that was stopped as SHUTOFF, with an action that says so', async () => {
    const uuid = await world.builtInstance();
    world.cloud.stopOutside(world.living(uuid)[0]?.providerId ?? '');
    world.clock.advance(10_000);

    await aSweep().sweep();
    await settled(uuid);

    expect(await world.states(uuid)).toEqual({ vm: 'stopped', task: null, power: 4 });
    expect((await world.store.actions.of(uuid)).map((action) => action.action)).toContain('stop');
    expect(world.living(uuid)[0]?.state).toBe('stopped');
  });

  it('shows a machine that was terminated as ERROR, with a fault that says so', async () => {
    const uuid = await world.builtInstance();
    world.cloud.terminateOutside(world.living(uuid)[0]?.providerId ?? '');
    world.clock.advance(10_000);

    await aSweep().sweep();
    await settled(uuid);

    expect((await world.view(uuid)).vm_state).toBe('error');
  });

  it('leaves a machine alone whose stop means something else here', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'suspend');

    await aSweep().sweep();
    await settled(uuid);

    expect((await world.view(uuid)).vm_state).toBe('suspended');
  });
});

describe('a machine that no row knows', () => {
  async function aStray(): Promise<string> {
    const uuid = await world.builtInstance();
    const providerId = world.living(uuid)[0]?.providerId ?? '';
    const row = (await world.store.providerInstances.of([uuid])).get(uuid);
    if (row === undefined) throw new Error('no row');
    const lost = `lost-${randomUUID()}`;
    const observed = { ...row.observed, providerId: lost };
    await world.store.commit({ writes: [{ write: 'set-provider-instance', ...row, providerId: lost, observed }] });
    return providerId;
  }

  const stateOf = (providerId: string) => world.cloud.snapshot().find((machine) => machine.providerId === providerId)?.state;

  it('is not believed at once, then stopped, and ended a day later', async () => {
    const stray = await aStray();
    const { sweep, goAhead } = aSweep({ policy: 'delete' });

    await sweep();
    expect(stateOf(stray)).toBe('running');

    goAhead(HOUR_MS);
    await sweep();
    await sweep();
    world.clock.advance(10_000);
    expect(stateOf(stray)).toBe('stopped');

    goAhead(25 * HOUR_MS);
    await sweep();
    world.clock.advance(10_000);
    expect(stateOf(stray)).toBe('terminated');
  });

  it('is only told of by default', async () => {
    const stray = await aStray();
    const { sweep, goAhead } = aSweep();

    await sweep();
    goAhead(48 * HOUR_MS);
    for (let round = 0; round < 4; round += 1) await sweep();

    expect(stateOf(stray)).toBe('running');
    expect((await world.store.strays.list()).map((each) => each.providerId)).toContain(stray);
  });

  it('is never touched by a database that is younger than it', async () => {
    const stray = await aStray();
    const { sweep, goAhead } = aSweep({ policy: 'delete', databaseSince: new Date(Date.now() + HOUR_MS) });

    await sweep();
    goAhead(48 * HOUR_MS);
    for (let round = 0; round < 4; round += 1) await sweep();

    expect(stateOf(stray)).toBe('running');
  });
});
