import type { Provider } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Watcher } from '../../src/reconcile/watcher.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

/** A watcher that is told what its look saw only after `meanwhile`. */
function aSlowWatcher(meanwhile: () => Promise<void>): Watcher {
  const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
  const describeNow = provider.describe.bind(provider);
  provider.describe = async (...args) => {
    const seen = await describeNow(...args);
    await meanwhile();
    return seen;
  };
  return new Watcher({ store: world.store, provider, log, now: () => new Date(), holder: 'test' });
}

describe('a look at machines of which some cannot be asked for', () => {
  it('notes what is seen of the others, and leaves those as they were', async () => {
    const [known = '', unknown = ''] = [await world.builtInstance(), await world.builtInstance()];
    const rows = await world.store.providerInstances.of([known, unknown]);
    for (const row of rows.values())
      await world.store.commit({ writes: [{ write: 'set-provider-instance', ...row, nextLookAt: new Date(0) }] });
    const unreachable = rows.get(unknown)?.providerId ?? '';
    world.cloud.stopOutside(rows.get(known)?.providerId ?? '');
    world.clock.advance(10_000);
    const provider: Provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
    const describeNow = provider.describe.bind(provider);
    provider.describe = async (ids, options) => {
      if (ids.includes(unreachable)) options?.onUnknown?.([unreachable], new Error('no way there'));
      return describeNow(ids.filter((id) => id !== unreachable));
    };

    // Older than the grace for what is not found.
    const now = () => new Date(Date.now() + 3_600_000);
    await new Watcher({ store: world.store, provider, log, now, holder: 'test' }).look();

    const after = await world.store.providerInstances.of([known, unknown]);
    expect([known, unknown].map((uuid) => after.get(uuid)?.state)).toEqual(['stopped', 'running']);
    expect(after.get(unknown)?.nextLookAt?.getTime()).toBeGreaterThan(Date.now());
  });
});

describe('a look at a machine that came to rest after its verb ran out of time', () => {
  it('tells the instance, since nobody else would', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'stop');
    await world.submit(uuid, 'start');
    await world.work(new Fate());
    const [start] = await world.store.operations.pending(uuid);
    await world.store.commit({
      writes: [
        { write: 'finish-operation', id: start?.id ?? '', outcome: 'failed' },
        { write: 'patch-instance', uuid, set: { task_state: null } },
      ],
    });
    world.clock.advance(10_000);

    await world.settle(uuid, new Fate());
    await world.look(uuid);
    await world.settle(uuid, new Fate());

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null, power: 1 });
  });
});

describe('a look at a machine that is ending', () => {
  it('does not replace the machine that an unshelve has started meanwhile', async () => {
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'shelve');
    const row = (await world.store.providerInstances.of([uuid])).get(uuid);
    if (row === undefined) throw new Error('no machine');
    await world.store.commit({ writes: [{ write: 'set-provider-instance', ...row, nextLookAt: new Date(0) }] });

    await aSlowWatcher(() => world.perform(uuid, 'unshelve')).look();

    const known = (await world.store.providerInstances.of([uuid])).get(uuid);
    expect(known?.providerId).toBe(world.living(uuid)[0]?.providerId);
    await world.perform(uuid, 'shelve');
    expect(await world.states(uuid)).toMatchObject({ vm: 'shelved_offloaded', task: null });
    expect(world.living(uuid)).toEqual([]);
  });
});
