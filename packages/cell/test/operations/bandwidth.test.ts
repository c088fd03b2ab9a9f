import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bandwidth } from '../../src/sync/bandwidth.js';
import { World } from './world.js';

let world: World;

beforeAll(async () => {
  world = await World.make();
});

afterAll(() => world.close());

describe('bandwidth', () => {
  it('goes up as the sums of the month, and is kept', async () => {
    const uuid = await world.builtInstance();
    const machine = world.living(uuid)[0];
    const mac = machine?.nics[0]?.mac ?? '';
    world.cloud.addTraffic(machine?.providerId ?? '', { bytesIn: 1_000, bytesOut: 2_000 });
    const now = () => new Date();
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });

    await new Bandwidth({ store: world.store, provider, log, holder: 'test', now }).tellAll();

    const entries = await world.store.outbox.claim({ holder: 'test', leaseMs: 1_000, limit: 100 });
    expect(entries.find((entry) => entry.kind === 'bandwidth')?.payload).toMatchObject({
      uuid,
      mac,
      bw_in: 1_000,
      bw_out: 2_000,
    });
  });
});
