import { describe, expect, it } from '@jest/globals';
import { aBench, abilitiesOf, aReplica, finish, runningOne, whileTimePasses } from './builders.js';

describe('snapshots', () => {
  it('are images under a name of our own, tagged with the user’s and with the cell', async () => {
    const bench = aBench();
    const id = await runningOne(bench);

    const { snapshotId } = await abilitiesOf(bench).snapshot(id, { name: 'nightly', token: 't' });

    const [image] = await bench.fake.describeImages({ ids: [snapshotId] });
    expect(image?.name).toMatch(/^burst-/);
    expect(image?.tags).toMatchObject({ Name: 'nightly', 'burstcell:cell': 'ec2' });
  });

  it('hold the root disk only: attached volumes are not the server’s own', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const volumeId = bench.fake.addVolume({ zone: bench.fake.instance(id)?.availabilityZone ?? '', sizeGb: 100 });
    const request = { volumeId: 'v', providerVolumeId: volumeId, deviceName: null };
    await whileTimePasses(bench.clock, abilitiesOf(bench).attachVolume(id, request));

    await abilitiesOf(bench).snapshot(id, { name: 'n', token: 't' });

    expect(bench.fake.ebsSnapshots()).toHaveLength(1);
  });

  it('are found by their name when EC2 has made one and its reads do not show it yet', async () => {
    const bench = aBench({}, { lag: { unseenMs: 60_000 } });
    const id = await runningOne(bench);
    bench.clock.advance(60_000);
    const first = await abilitiesOf(bench).snapshot(id, { name: 'n', token: 't' });

    const second = await aReplica(bench).snapshot(id, { name: 'n', token: 't' });

    expect(second.snapshotId).toBe(first.snapshotId);
    expect(bench.fake.ebsSnapshots()).toHaveLength(1);
  });

  it('reboot the server first only where the operator says so', async () => {
    const reboots = async (snapshotReboot: boolean) => {
      const seen: unknown[] = [];
      const bench = aBench();
      const id = await runningOne(bench);
      const api = new Proxy(bench.fake, {
        get(target, name) {
          const call = Reflect.get(target, name, target);
          return (...input: unknown[]) => {
            if (name === 'createImage') seen.push(input[0]);
            return call.apply(target, input);
          };
        },
      });
      await aReplica(bench, { api, snapshotReboot }).snapshot(id, { name: 'n', token: 't' });
      return seen;
    };

    expect(await reboots(false)).toMatchObject([{ noReboot: true }]);
    expect(await reboots(true)).toMatchObject([{ noReboot: false }]);
  });

  it('take their disks with them, also when the first attempt died in between', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const { snapshotId } = await abilitiesOf(bench).snapshot(id, { name: 'n', token: 't' });
    bench.clock.advance(1_000);
    bench.fake.inject({ action: 'DeleteSnapshot', code: 'NetworkingError' });
    await expect(abilitiesOf(bench).deleteSnapshot(snapshotId)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(bench.fake.ebsSnapshots()).toHaveLength(1);

    await aReplica(bench).deleteSnapshot(snapshotId);

    expect(bench.fake.ebsSnapshots()).toEqual([]);
  });

  it('of another cell are left alone', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const { snapshotId } = await abilitiesOf(bench).snapshot(id, { name: 'n', token: 't' });

    await expect(aReplica(bench, { cellName: 'other' }).deleteSnapshot(snapshotId)).rejects.toMatchObject({ kind: 'invalid' });

    expect((await abilitiesOf(bench).describeSnapshots([snapshotId])).size).toBe(1);
  });

  it('outlive the rebuild of their machine', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const { snapshotId } = await abilitiesOf(bench).snapshot(id, { name: 'n', token: 't' });
    bench.clock.advance(1_000);

    await finish(bench, () => abilitiesOf(bench).rebuild(id, { providerImageId: snapshotId, token: 't' }));

    expect(bench.fake.instance(id)?.imageId).toBe(snapshotId);
  });
});
