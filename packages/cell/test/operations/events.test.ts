import { randomUUID } from 'node:crypto';
import type { ProviderChange, ProviderChanges } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import type { Store } from '@burstcell/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Events } from '../../src/reconcile/events.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import { until } from '../support/until.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

const aProvider = () => new Simulator({ cloud: world.cloud, cellName: 'ec2' });

function events(provider = aProvider(), store: Store = world.store): Events {
  return new Events({ store, provider, log, wake() {}, now: world.now });
}

/** Everything that has happened so far is known. */
async function builtAndTold(): Promise<{ readonly uuid: string; readonly providerId: string }> {
  const uuid = await world.builtInstance();
  while ((await events().take()) > 0);
  await look();
  return { uuid, providerId: world.living(uuid)[0]?.providerId ?? '' };
}

/** Looks until nothing is due any more. */
async function look(): Promise<void> {
  const watcher = new Watcher({ store: world.store, provider: aProvider(), log, now: world.now, holder: 'test' });
  while ((await world.store.providerInstances.due(1)).length > 0) await watcher.look();
}

async function nextLook(uuid: string): Promise<Date | null | undefined> {
  return (await world.store.providerInstances.of([uuid])).get(uuid)?.nextLookAt;
}

function telling(changes: readonly ProviderChange[], settle = async () => {}): Simulator {
  const provider = aProvider();
  provider.changes = async (): Promise<ProviderChanges> => ({ changes, settle });
  return provider;
}

async function actionsOf(uuid: string) {
  return (await world.store.actions.of(uuid)).map(({ action, message }) => ({ action, message }));
}

describe('an event about a machine that was changed outside of nova', () => {
  it('shows a stop as SHUTOFF by the next look, without a sweep', async () => {
    const { uuid, providerId } = await builtAndTold();
    world.cloud.stopOutside(providerId);

    await events().take();
    await look();
    await world.settle(uuid, new Fate());

    expect(await world.states(uuid)).toEqual({ vm: 'stopped', task: null, power: 4 });
    expect(await actionsOf(uuid)).toContainEqual({ action: 'stop', message: null });
  });

  it('shows an end as ERROR, also when a look sees the machine on its way there', async () => {
    const { uuid, providerId } = await builtAndTold();
    world.cloud.terminateOutside(providerId);
    await events(telling([{ providerId, state: null, notice: null }])).take();
    await look();
    expect((await world.store.providerInstances.of([uuid])).get(uuid)?.state).toBe('terminating');

    world.clock.advance(10_000);
    await events().take();
    await look();
    await world.settle(uuid, new Fate());

    expect((await world.view(uuid)).vm_state).toBe('error');
  });

  it('comes again when it could not be recorded', async () => {
    const { uuid, providerId } = await builtAndTold();
    world.cloud.stopOutside(providerId);
    const broken = { ...world.store, commit: () => Promise.reject(new Error('the database is away')) };

    await expect(events(aProvider(), broken).take()).rejects.toThrow('away');
    await events().take();

    expect(await nextLook(uuid)).not.toBeNull();
  });
});

describe('an event', () => {
  it('is no reason to look when the row knows it, the machine is on its way, or nobody knows it', async () => {
    const { uuid, providerId } = await builtAndTold();
    let settled = 0;
    const changes = [
      { providerId, state: 'running', notice: null },
      { providerId, state: 'stopping', notice: null },
      { providerId: 'sim-of-somebody-else', state: 'stopped', notice: null },
    ] as const;

    const settle = async () => {
      settled += 1;
    };
    await events(telling(changes, settle)).take();

    expect(await nextLook(uuid)).toBeNull();
    expect(settled).toBe(1);
  });

  it('that nothing bears out is looked into a few times, then the machine rests', async () => {
    const { uuid, providerId } = await builtAndTold();
    await events(telling([{ providerId, state: 'stopped', notice: null }])).take();

    let looks = 0;
    for (; (await nextLook(uuid)) !== null && looks < 20; looks += 1) {
      await world.store.commit({ writes: [{ write: 'look-soon', uuid, providerId }] });
      await new Watcher({ store: world.store, provider: aProvider(), log, now: world.now, holder: 'test' }).look();
    }

    expect(looks).toBe(5);
    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
  });

  it('about what a verb has ordered makes no second action', async () => {
    const { uuid } = await builtAndTold();

    await world.submit(uuid, 'stop');
    await world.work(new Fate());
    await events().take();
    await look();
    world.clock.advance(10_000);
    await events().take();
    await world.settle(uuid, new Fate());

    expect(await world.states(uuid)).toMatchObject({ vm: 'stopped', task: null });
    expect((await actionsOf(uuid)).filter(({ action }) => action === 'stop')).toHaveLength(1);
  });
});

describe('a notice of the provider', () => {
  it('is shown once as an action of the instance, which stays as it is', async () => {
    const { uuid, providerId } = await builtAndTold();
    const notice = { id: randomUUID(), text: 'The cloud will end this server in two minutes.' };
    const provider = telling([{ providerId, state: null, notice }]);

    await events(provider).take();
    await events(provider).take();

    const notices = (await actionsOf(uuid)).filter(({ action }) => action === 'provider-notice');
    expect(notices).toEqual([{ action: 'provider-notice', message: notice.text }]);
    expect(await nextLook(uuid)).toBeNull();
    expect((await world.view(uuid)).vm_state).toBe('active');
  });
});

describe('the loop', () => {
  it('goes on after a failure, and ends while it waits', async () => {
    const { uuid, providerId } = await builtAndTold();
    const provider = aProvider();
    const changes = provider.changes?.bind(provider);
    let calls = 0;
    provider.changes = async (options) => {
      calls += 1;
      if (calls === 1) throw new Error('the queue is away');
      if (calls === 2) return (await changes?.(options)) as ProviderChanges;
      return new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    };
    world.cloud.stopOutside(providerId);
    const running = events(provider);

    running.start();
    await until(async () => calls >= 3, 'a third call');
    await running.stop();

    expect(await nextLook(uuid)).not.toBeNull();
  });
});
