import { randomUUID } from 'node:crypto';
import { createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { defaultRegion, FakeEc2, FakeEventQueue, spotWarningEvent } from '@burstcell/provider-ec2/fake';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCore } from '../support/core.js';
import { until } from '../support/until.js';
import { buildUnit } from './build-unit.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Sweeps are off: what is noticed is noticed by an event. */
const NEVER_MS = 2 ** 31 - 1;

let database: TestDatabase;
let store: Store;
let stop: () => Promise<void>;
const fake = new FakeEc2();
const queue = new FakeEventQueue(fake);

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openStore({ url: database.url, poolSize: 4, reportGapMs: 0, settleMs: 60_000 });
  const settings = parseEc2Options({ region: 'us-east-1', default_ami: defaultRegion.images[0]?.imageId ?? '' });
  const provider = createEc2Provider({ ...settings, cellName: 'ec2', incarnation: 'first', api: fake, events: queue });
  const { worker, watcher, events } = makeCore({ store, provider, log, sweepIntervalMs: NEVER_MS });
  worker.start();
  watcher.start();
  events.start();
  stop = async () => {
    await events.stop();
    await worker.stop(10_000);
    await watcher.stop();
    await provider.close();
  };
});

afterAll(async () => {
  await stop();
  queue.close();
  fake.reset();
  await store.close();
  await database.drop();
});

function untilVmState(uuid: string, state: string): Promise<true> {
  return until(async () => (await store.instances.views([uuid])).get(uuid)?.vm_state === state, `${uuid} is ${state}`);
}

async function aServer(): Promise<{ readonly uuid: string; readonly providerId: string }> {
  const uuid = randomUUID();
  await store.commit(buildUnit(uuid));
  await untilVmState(uuid, 'active');
  return { uuid, providerId: (await store.providerInstances.of([uuid])).get(uuid)?.providerId ?? '' };
}

describe('what happens to a server on EC2, with events and without sweeps', () => {
  it('shows as SHUTOFF when it was stopped outside', async () => {
    const { uuid, providerId } = await aServer();

    fake.stopOutside(providerId);

    await untilVmState(uuid, 'stopped');
    expect((await store.actions.of(uuid)).map(({ action }) => action)).toContain('stop');
  }, 30_000);

  it('shows as a notice when EC2 warns, and as ERROR with EC2’s reason when the spot server is gone', async () => {
    const { uuid, providerId } = await aServer();

    queue.put(spotWarningEvent(providerId));
    const notice = await until(
      async () => (await store.actions.of(uuid)).find(({ action }) => action === 'provider-notice'),
      'a notice',
    );
    fake.terminateOutside(providerId, 'spot');

    await untilVmState(uuid, 'error');
    expect(notice.message).toMatch(/^EC2 takes this spot server back: it is deleted/);
  }, 30_000);
});
