import { aLaunchRequest } from '@burstcell/provider/conformance';
import { createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { defaultRegion, FakeEc2 } from '@burstcell/provider-ec2/fake';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SharedRefusals } from '../../src/capacity/shared-refusals.js';

describe('what EC2 refused', () => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openStore({ url: database.url, poolSize: 2, reportGapMs: 0, settleMs: 0 });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  /** A replica of the cell, with the memory that it shares about this part of the cloud. */
  function aReplica(api: FakeEc2, place: string) {
    const settings = parseEc2Options({ region: 'us-east-1', default_ami: defaultRegion.images[0]?.imageId ?? '' });
    const sharedRefusals = new SharedRefusals(store, place);
    return createEc2Provider({ ...settings, cellName: 'ec2', incarnation: 'first', api, sharedRefusals });
  }

  it('one replica is passed over by all, in that account', async () => {
    const fake = new FakeEc2({ delays: 0 });
    const request = aLaunchRequest();
    const replica = aReplica(fake, 'ec2/own/us-east-1/');
    const [offering] = await replica.offerings(request);
    if (!offering) throw new Error('nothing offered');
    const [launch] = replica.freeze([request], offering, 1);
    if (!launch) throw new Error('nothing frozen');
    fake.setRoom({ zone: offering.zone }, 0);
    await expect(replica.launch(launch)).rejects.toMatchObject({ kind: 'capacity' });

    const keys = async (place: string) => (await aReplica(fake, place).offerings(request)).map(({ key }) => key);

    expect((await replica.offerings(request)).map(({ key }) => key)).not.toContain(offering.key);
    expect(await keys('ec2/own/us-east-1/')).not.toContain(offering.key);
    expect(await keys('ec2/210987654321/us-east-1/')).toContain(offering.key);
  });

  it('is read at most once a second, and again when this replica has marked something', async () => {
    let reads = 0;
    let now = 0;
    const current = async () => {
      reads += 1;
      return new Map([['p/a', new Date(5_000)]]);
    };
    const refusals = new SharedRefusals({ refusals: { current, mark: async () => {} } }, 'p/', () => now);

    expect(await refusals.current()).toEqual(new Map([['a', 5_000]]));
    now = 999;
    await refusals.current();
    expect(reads).toBe(1);

    await refusals.mark('b', 9_000);
    await refusals.current();
    expect(reads).toBe(2);

    now = 2_000;
    await refusals.current();
    expect(reads).toBe(3);
  });

  it('is asked for again when it could not be read', async () => {
    let fails = true;
    const current = async () => {
      if (fails) throw new Error('the database is away');
      return new Map<string, Date>();
    };
    const refusals = new SharedRefusals({ refusals: { current, mark: async () => {} } }, 'p/', () => 0);

    await expect(refusals.current()).rejects.toThrow('away');
    fails = false;

    expect(await refusals.current()).toEqual(new Map());
  });
});
