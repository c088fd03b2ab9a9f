import { describe, expect, it } from '@jest/globals';
import { aBench, abilitiesOf, aReplica, type Bench, runningOne } from './builders.js';

const wish = { providerImageId: null, password: null, token: 'r' };

/** A machine that ends between the swap of its root volume and what comes after it; answers its id. */
async function endedInRescue(bench: Bench): Promise<string> {
  const id = await runningOne(bench);
  for (let calls = 0; bench.fake.volumes().every(({ instanceId }) => instanceId !== null); calls += 1) {
    if (calls > 20) throw new Error('the root volume was never swapped');
    await abilitiesOf(bench).rescue(id, wish);
    bench.clock.advance(1_000);
  }
  await bench.provider.terminate(id);
  bench.clock.advance(2_000);
  return id;
}

describe('leftovers', () => {
  it('are the own disks of machines that ended in a rescue, with their machine', async () => {
    const bench = aBench();
    const id = await endedInRescue(bench);

    const [left, ...others] = await abilitiesOf(bench).leftovers();

    expect(others).toEqual([]);
    expect(left).toEqual({ leftoverId: bench.fake.volumes()[0]?.volumeId, providerId: id, sizeGb: expect.any(Number) });
  });

  it('are not those of a machine that lives, whatever it is in the middle of', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    for (let calls = 0; calls < 12; calls += 1) {
      await abilitiesOf(bench).rescue(id, wish);
      bench.clock.advance(500);
      expect(await abilitiesOf(bench).leftovers()).toEqual([]);
    }
  });

  it('are not those of another cell, nor volumes that are nobody’s', async () => {
    const bench = aBench();
    await endedInRescue(bench);
    bench.fake.addVolume({ zone: 'us-east-1a' });

    expect(await aReplica(bench, { incarnation: 'second' }).leftovers()).toEqual([]);
    expect(await abilitiesOf(bench).leftovers()).toHaveLength(1);
  });

  it('are deleted once, and only while they are left over', async () => {
    const bench = aBench();
    await endedInRescue(bench);
    const volume = bench.fake.addVolume({ zone: 'us-east-1a' });
    const [left] = await abilitiesOf(bench).leftovers();
    if (left === undefined) throw new Error('nothing is left over');

    await abilitiesOf(bench).deleteLeftover(left);
    await abilitiesOf(bench).deleteLeftover(left);
    await abilitiesOf(bench).deleteLeftover({ ...left, leftoverId: volume });

    expect(bench.fake.volumes().map(({ volumeId }) => volumeId)).toEqual([volume]);
  });
});
