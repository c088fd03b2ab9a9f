import { randomUUID } from 'node:crypto';
import { type Provider, ProviderError } from '@burstcell/provider';
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
  const leftovers = new Leftovers({ provider, log, policy, observeOnly: false, now });
  const sweep = new Sweep({ store, provider, strays, leftovers, log, holder: 'test', intervalMs: 60_000, now });
  return { sweep: () => sweep.sweep(), provider, goAhead };
}

async function settled(uuid: string): Promise<void> {
  await world.settle(uuid, new Fate());
}

describe('the first password of a Windows guest', () => {
  const ENCRYPTED = 'A'.repeat(300) + 'B'.repeat(44);

  async function aWindows() {
    const uuid = await world.builtInstance();
    await world.store.commit({ writes: [{ write: 'patch-instance', uuid, set: { os_type: 'windows' } }] });
    return { uuid, providerId: world.living(uuid)[0]?.providerId ?? '' };
  }

  it('comes to where nova reads it, in pieces, once the guest has told it', async () => {
    const { uuid, providerId } = await aWindows();

    await aSweep().sweep();
    expect((await world.view(uuid)).system_metadata).not.toHaveProperty('password_0');

    world.cloud.tellPassword(providerId, ENCRYPTED);
    await aSweep().sweep();
    expect((await world.view(uuid)).system_metadata).toMatchObject({
      image_os: 'linux',
      password_0: 'A'.repeat(255),
      password_1: 'A'.repeat(45) + 'B'.repeat(44),
      password_2: '',
      password_3: '',
    });
    const reports = await world.store.outbox.claim({ holder: 'test', leaseMs: 1_000, limit: 1_000 });
    expect(reports.filter((entry) => entry.uuid === uuid).map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ systemMetadata: true }),
    );
  });

  it('is not asked for twice, nor of an old machine, nor of any other system', async () => {
    const known = await aWindows();
    const old = await aWindows();
    const linux = await world.builtInstance();
    world.cloud.tellPassword(known.providerId, ENCRYPTED);
    const { sweep, goAhead } = aSweep();
    await sweep();
    world.cloud.tellPassword(known.providerId, 'another');
    world.cloud.tellPassword(world.living(linux)[0]?.providerId ?? '', ENCRYPTED);
    await sweep();
    goAhead(2 * HOUR_MS);
    world.cloud.tellPassword(old.providerId, ENCRYPTED);
    await sweep();

    expect((await world.view(known.uuid)).system_metadata.password_0).toBe('A'.repeat(255));
    for (const uuid of [old.uuid, linux]) expect((await world.view(uuid)).system_metadata).not.toHaveProperty('password_0');
  });
});

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

  it('shows an address that came while the machine ran on, and no action for it', async () => {
    const uuid = await world.builtInstance();
    const providerId = world.living(uuid)[0]?.providerId ?? '';
    const actions = await world.store.actions.of(uuid);
    await aSweep().provider.addFixedIp?.(providerId, { networkId: null, token: 'by hand' });

    await aSweep().sweep();
    await settled(uuid);

    const addresses = JSON.stringify((await world.view(uuid)).network_info).match(/"type":"fixed"/g);
    expect(addresses).toHaveLength(2);
    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(await world.store.actions.of(uuid)).toEqual(actions);
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

describe('a machine that is missing in the list', () => {
  /** Sweeps often and late enough for it to count as gone; `describe` answers like that. */
  async function sweptWithout(describe: Provider['describe']): Promise<string> {
    const uuid = await world.builtInstance();
    const { providerId } = world.living(uuid)[0] ?? {};
    const { sweep, provider, goAhead } = aSweep();
    const listNow = provider.list.bind(provider);
    provider.list = async (...args) => {
      const page = await listNow(...args);
      return { ...page, instances: page.instances.filter((machine) => machine.providerId !== providerId) };
    };
    provider.describe = describe;
    goAhead(HOUR_MS);
    for (let round = 0; round < 3; round += 1) await sweep();
    await settled(uuid);
    return (await world.view(uuid)).vm_state ?? '';
  }

  it('is gone when the provider does not know it either', async () => {
    expect(await sweptWithout(async () => new Map())).toBe('error');
  });

  it('is not taken for gone while the provider cannot be asked for it', async () => {
    const state = await sweptWithout(async () => {
      throw new ProviderError('unavailable', 'its account is not configured');
    });

    expect(state).toBe('active');
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

  it('is never touched when somebody else had started it, for it was adopted', async () => {
    const adopted = world.cloud.launchOutside('zone-a');
    world.clock.advance(10_000);
    await new Simulator({ cloud: world.cloud, cellName: 'ec2' }).adopt?.(adopted, randomUUID());
    const { sweep, goAhead } = aSweep({ policy: 'delete' });

    await sweep();
    goAhead(48 * HOUR_MS);
    for (let round = 0; round < 4; round += 1) await sweep();

    expect(stateOf(adopted)).toBe('running');
    expect((await world.store.strays.list()).map((each) => each.providerId)).toContain(adopted);
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
