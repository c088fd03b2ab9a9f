import { randomUUID } from 'node:crypto';
import { createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { defaultRegion, FakeEc2 } from '@burstcell/provider-ec2/fake';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { submissionUnit } from '../../src/operations/submit.js';
import { verbs } from '../../src/operations/verbs.js';
import { makeCore } from '../support/core.js';
import { until } from '../support/until.js';
import { buildUnit } from './build-unit.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const NEVER_MS = 2 ** 31 - 1;
const USER_DATA = Buffer.from('#!/bin/sh\necho mine').toString('base64');

describe('a server on EC2 that boots from a volume', () => {
  let database: TestDatabase;
  let store: Store;
  let stop: () => Promise<void>;
  const fake = new FakeEc2({ delays: 20 });

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openStore({ url: database.url, poolSize: 4, reportGapMs: 0, settleMs: 60_000 });
    const settings = parseEc2Options({ region: 'us-east-1', volume_boot_ami: defaultRegion.images[0]?.imageId ?? '' });
    const provider = createEc2Provider({ ...settings, cellName: 'ec2', incarnation: 'first', api: fake });
    const { worker, watcher } = makeCore({ store, provider, log, sweepIntervalMs: NEVER_MS });
    worker.start();
    watcher.start();
    stop = async () => {
      await worker.stop(10_000);
      await watcher.stop();
      await provider.close();
    };
  });
  afterAll(async () => {
    await stop();
    fake.reset();
    await store.close();
    await database.drop();
  });

  /** Without a volume service a volume is called the same on both sides. */
  async function booted(volumeId: string): Promise<string> {
    const uuid = randomUUID();
    const root = { source_type: 'volume', destination_type: 'volume', boot_index: 0, volume_id: volumeId };
    const nothing = { volume_size: null, guest_format: null, delete_on_termination: false };
    const parameters = { image: { id: null, properties: {} }, blockDevices: [{ ...root, ...nothing }] };
    await store.commit(buildUnit(uuid, { parameters, userData: USER_DATA }));
    await until(async () => (await store.instances.views([uuid])).get(uuid)?.vm_state === 'active', 'active');
    return uuid;
  }

  async function ordered(uuid: string, verb: string): Promise<void> {
    const cause = randomUUID();
    const origin = { requestId: `req-${cause}`, userId: 'u', projectId: 'p' };
    const submission = { messageUuid: cause, method: 'test', intents: [{ verb, uuid, parameters: {}, cause, origin }] };
    await store.commit(submissionUnit(submission, verbs, { buildMs: 600_000, verbMs: 300_000 }, new Date()));
  }

  it('has the volume and nothing else for a disk, told its user data, and leaves the volume when it goes', async () => {
    const volumeId = fake.addVolume({ zone: 'us-east-1b' });

    const uuid = await booted(volumeId);

    const providerId = (await store.providerInstances.of([uuid])).get(uuid)?.providerId ?? '';
    expect(fake.instance(providerId)).toMatchObject({ state: 'running', availabilityZone: 'us-east-1b' });
    expect(fake.userData(providerId)).toBe(USER_DATA);
    expect(fake.volumes()).toMatchObject([{ volumeId, instanceId: providerId, deleteOnTermination: false }]);

    await ordered(uuid, 'delete');
    await until(async () => fake.volumes().every(({ state }) => state === 'available'), 'the volume is free');

    expect(fake.volumes().map((volume) => volume.volumeId)).toEqual([volumeId]);
  }, 120_000);
});
