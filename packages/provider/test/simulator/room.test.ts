import { ManualClock, SimulatedCloud, type SimulatedCloudOptions, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { aRequest, first, inZone, launched, withMemory } from './builders.js';

const FOUR_MINUTES_MS = 4 * 60_000;

function aCloud(options: SimulatedCloudOptions = {}) {
  const cloud = new SimulatedCloud(options);
  return { cloud, provider: new Simulator({ cloud }) };
}

describe('room', () => {
  it('ends at the limit of its zone, in machines, memory and vCPUs', async () => {
    for (const limit of [{ instances: 1 }, { memoryMb: 3_000 }, { vcpus: 1 }, { diskGb: 39 }]) {
      const { provider } = aCloud({ room: { 'zone-a': limit } });
      await launched(provider);

      await expect(launched(provider)).rejects.toMatchObject({ kind: 'capacity' });
      await expect(launched(provider, aRequest(), 'zone-b')).resolves.toMatchObject({ zone: 'zone-b' });
    }
  });

  it('may end for one memory size and not for another', async () => {
    const { provider } = aCloud({ room: { 'zone-a': { instancesByMemoryMb: { 4096: 0 } } } });

    await expect(launched(provider, aRequest(withMemory(4096)))).rejects.toMatchObject({ kind: 'capacity' });
    await expect(launched(provider, aRequest(withMemory(2048)))).resolves.toBeDefined();
  });

  it('comes back when a machine stops or ends', async () => {
    const { provider } = aCloud({ room: { 'zone-a': { instances: 1 } } });
    const one = await launched(provider);
    await provider.stop(one.providerId);

    const other = await launched(provider);
    await expect(provider.start(one.providerId)).rejects.toMatchObject({ kind: 'capacity' });
    await provider.terminate(other.providerId);

    await expect(provider.start(one.providerId)).resolves.toBeUndefined();
  });

  it('is none in an impaired zone, which is not offered either', async () => {
    const { cloud, provider } = aCloud();
    cloud.setImpaired('zone-a', true);

    expect(await provider.offerings(aRequest())).toEqual([inZone('zone-b')]);
    await expect(launched(provider)).rejects.toMatchObject({ kind: 'capacity' });
    expect((await provider.shape()).zones).toEqual([
      { name: 'zone-a', available: false },
      { name: 'zone-b', available: true },
    ]);
  });

  it('beyond the quota of the account is refused with quota, for every zone', async () => {
    const { provider } = aCloud({ quota: { vcpus: 1 } });
    await launched(provider);

    await expect(launched(provider, aRequest(), 'zone-b')).rejects.toMatchObject({ kind: 'quota' });
    await expect(provider.offerings(aRequest())).rejects.toMatchObject({ kind: 'capacity' });
  });

  it('is given to the first members of a launch that fits in part only, then and in every later answer', async () => {
    for (const limits of [{ room: { 'zone-a': { instances: 2 } } }, { quota: { instances: 2 } }]) {
      const { cloud, provider } = aCloud(limits);
      const launch = first(provider.freeze([aRequest(), aRequest(), aRequest()], inZone('zone-a'), 1));

      const answered = await provider.launch(launch);
      cloud.setRoom('zone-a', {});
      cloud.setQuota({});

      expect([...answered.keys()]).toEqual(launch.members.slice(0, 2));
      expect(await provider.launch(launch)).toEqual(answered);
      expect(cloud.snapshot()).toHaveLength(2);
    }
  });
});

describe('headroom', () => {
  it('adds up the zones, takes off what runs, and knows no limit where one zone has none', async () => {
    const { provider } = aCloud({ room: { 'zone-a': { instances: 5, memoryMb: 8192 }, 'zone-b': { instances: 5 } } });
    await launched(provider);

    expect((await provider.shape()).headroom).toEqual({ instances: 9, memoryMb: null, vcpus: null, diskGb: null });
  });

  it('is never more than the quota leaves', async () => {
    const { provider } = aCloud({ quota: { instances: 3 }, room: { 'zone-a': { instances: 5 }, 'zone-b': { instances: 5 } } });
    await launched(provider);

    expect((await provider.shape()).headroom.instances).toBe(2);
  });
});

describe('a refusal', () => {
  it('is remembered for its zone and memory size, and forgotten after some minutes', async () => {
    const clock = new ManualClock();
    const { cloud, provider } = aCloud({ clock });
    cloud.fill('zone-a');
    await launched(provider).catch(() => undefined);

    expect(await provider.offerings(aRequest())).toEqual([inZone('zone-b')]);
    expect(await provider.offerings(aRequest(withMemory(4096)))).toEqual([inZone('zone-a'), inZone('zone-b')]);

    clock.advance(FOUR_MINUTES_MS);
    expect(await provider.offerings(aRequest())).toEqual([inZone('zone-a'), inZone('zone-b')]);
  });

  it('shows as a refused memory size once it is true of every zone', async () => {
    const { cloud, provider } = aCloud();
    cloud.fill('zone-a');
    cloud.fill('zone-b');

    await launched(provider).catch(() => undefined);
    expect((await provider.shape()).refusedMemoryMb).toEqual([]);

    await launched(provider, aRequest(), 'zone-b').catch(() => undefined);
    expect((await provider.shape()).refusedMemoryMb).toEqual([2048]);
  });
});
