import { describe, expect, it } from '@jest/globals';
import { aRequest, aSlowCloud, launched, running, SLOW_MS } from './builders.js';

const TAKEN = { name: 'nightly', token: 'snapshot-1' };

function fromSnapshot(providerImageId: string) {
  return aRequest({ image: { ...aRequest().image, providerImageId } });
}

describe('a simulated snapshot', () => {
  it('makes progress as time passes', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const { snapshotId } = await world.provider.snapshot(providerId, TAKEN);
    const seen = async () => (await world.provider.describeSnapshots([snapshotId])).get(snapshotId);

    world.clock.advance(SLOW_MS / 2);
    expect(await seen()).toEqual({ snapshotId, state: 'pending', progress: 50, sizeGb: 20 });
    world.clock.advance(SLOW_MS / 2);
    expect(await seen()).toEqual({ snapshotId, state: 'available', progress: 100, sizeGb: 20 });
  });

  it('can fail, and is then no image', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const { snapshotId } = await world.provider.snapshot(providerId, TAKEN);

    world.cloud.breakSnapshot(snapshotId);

    expect((await world.provider.describeSnapshots([snapshotId])).get(snapshotId)).toMatchObject({ state: 'error' });
    await expect(world.provider.offerings(fromSnapshot(snapshotId))).rejects.toMatchObject({ kind: 'invalid', subject: 'image' });
  });

  it('is an image once it is available, which its machines are known to have', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const { snapshotId } = await world.provider.snapshot(providerId, TAKEN);
    await expect(launched(world.provider, fromSnapshot(snapshotId))).rejects.toMatchObject({ kind: 'invalid', subject: 'image' });

    world.clock.advance(SLOW_MS);
    await launched(world.provider, fromSnapshot(snapshotId));

    expect(world.cloud.snapshot().at(-1)).toMatchObject({ imageId: snapshotId });
  });

  it('is not made again by a token whose snapshot was deleted', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    await world.provider.deleteSnapshot((await world.provider.snapshot(providerId, TAKEN)).snapshotId);

    await expect(world.provider.snapshot(providerId, TAKEN)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('a simulated volume', () => {
  it('gets the first device that is free, or the one that was asked for', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const attach = (deviceName: string | null) => {
      const { providerVolumeId } = world.cloud.createVolume('zone-a');
      return world.provider.attachVolume(providerId, { volumeId: 'cinder-1', providerVolumeId, deviceName });
    };

    expect(await attach(null)).toEqual({ deviceName: '/dev/vdb' });
    expect(await attach('/dev/vdx')).toEqual({ deviceName: '/dev/vdx' });
    expect(await attach(null)).toEqual({ deviceName: '/dev/vdc' });
    await expect(attach('/dev/vdx')).rejects.toMatchObject({ kind: 'invalid', subject: 'volume' });
    await expect(attach('/dev/sda1')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is in use until its detachment is over', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const { providerVolumeId } = world.cloud.createVolume('zone-a');
    const volume = { volumeId: 'cinder-1', providerVolumeId, deviceName: null };
    await world.provider.attachVolume(providerId, volume);

    expect(await world.provider.detachVolume(providerId, providerVolumeId)).toBe('under-way');
    await expect(world.provider.attachVolume(providerId, volume)).rejects.toMatchObject({ kind: 'conflict' });
    world.clock.advance(SLOW_MS);

    expect(world.cloud.volume(providerVolumeId)?.attachment).toBeNull();
    expect(await world.provider.detachVolume(providerId, providerVolumeId)).toBe('done');
  });
});

describe('the first address of an interface', () => {
  it('stays: removing it is unsupported', async () => {
    const world = aSlowCloud();
    const { nics, providerId } = await running(world);
    const first = nics[0]?.addresses[0]?.address ?? '';

    await expect(world.provider.removeFixedIp(providerId, first)).rejects.toMatchObject({ kind: 'unsupported' });
  });

  it('is free again when its machine ends, and so are those that were added', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    await world.provider.addFixedIp(providerId, { networkId: null, token: 'add-1' });
    await world.provider.terminate(providerId);
    const networks = ['10.0.0.1', '10.0.0.2'].map((fixedIp) => ({ networkId: null, fixedIp, portId: null }));

    await expect(launched(world.provider, aRequest({ networks }))).resolves.toBeDefined();
  });
});
