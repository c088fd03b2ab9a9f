import type { VolumeRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { Ec2Instance } from '../src/ports/ec2-api.js';
import { deviceFor } from '../src/verbs/device-names.js';
import { aBench, abilitiesOf, type Bench, runningOne, whileTimePasses } from './builders.js';

function aVolume({ fake }: Bench, zone: string | undefined, deviceName: string | null = null): VolumeRequest {
  return { volumeId: 'cinder', providerVolumeId: fake.addVolume({ zone: zone ?? '' }), deviceName };
}

describe('volumes', () => {
  it('are attached when the call answers, and stay when the machine ends', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const volume = aVolume(bench, bench.fake.instance(id)?.availabilityZone);

    const { deviceName } = await whileTimePasses(bench.clock, abilitiesOf(bench).attachVolume(id, volume));

    expect(deviceName).toBe('/dev/sdf');
    expect(bench.fake.volumes().find(({ volumeId }) => volumeId === volume.providerVolumeId)).toMatchObject({
      instanceId: id,
      deleteOnTermination: false,
    });
  });

  it('are waited for while the machine that has them is ending, and refused while it is not', async () => {
    const bench = aBench({}, { delays: { pendingMs: 1_000, shuttingDownMs: 60_000 } });
    const [holder, next] = [await runningOne(bench), await runningOne(bench)];
    const volume = aVolume(bench, bench.fake.instance(holder)?.availabilityZone);
    const attach = (id: string) => whileTimePasses(bench.clock, abilitiesOf(bench).attachVolume(id, volume));
    await attach(holder);
    await expect(attach(next)).rejects.toMatchObject({ kind: 'conflict' });

    await bench.provider.terminate(holder);

    await expect(attach(next)).rejects.toMatchObject({ kind: 'unavailable', subject: 'volume' });
    bench.clock.advance(60_000);
    expect(await attach(next)).toEqual({ deviceName: '/dev/sdf' });
  });

  it('say which zones do not meet, before EC2 is asked', async () => {
    const bench = aBench({ zones: ['us-east-1a'] });
    const id = await runningOne(bench);

    await expect(abilitiesOf(bench).attachVolume(id, aVolume(bench, 'us-east-1b'))).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'volume',
      userMessage:
        'The volume is in zone us-east-1b, the server in us-east-1a; attach it to a server there, or boot one with --availability-zone us-east-1b.',
    });
    expect(bench.fake.counts().byAction).not.toHaveProperty('AttachVolume');
  });

  it('that take long are not waited for without end: the same call goes on', async () => {
    const bench = aBench({}, { delays: { pendingMs: 1_000, volumeMs: 60_000 } });
    const id = await runningOne(bench);
    const volume = aVolume(bench, bench.fake.instance(id)?.availabilityZone);
    const attach = () => whileTimePasses(bench.clock, abilitiesOf(bench).attachVolume(id, volume));
    await expect(attach()).rejects.toMatchObject({ kind: 'unavailable' });

    bench.clock.advance(60_000);

    expect(await attach()).toEqual({ deviceName: '/dev/sdf' });
    expect(bench.fake.counts().byAction.AttachVolume).toBe(1);
  });

  it('of the root disk are never detached from a running machine', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const root = bench.fake.instance(id)?.blockDevices[0]?.volumeId ?? '';

    await expect(abilitiesOf(bench).detachVolume(id, root)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('device names', () => {
  const machine = {
    ...({ instanceId: 'i-1', state: 'running' } as const),
    ...{ instanceType: 't3.small', availabilityZone: 'a', launchIndex: 0 },
    ...{ interfaces: [], tags: {} },
  } as const;
  const holding = (...names: string[]): Ec2Instance => ({
    ...machine,
    blockDevices: names.map((deviceName) => ({ deviceName, volumeId: 'v', status: 'attached', deleteOnTermination: false })),
  });

  it.each([
    [null, '/dev/sdf'],
    ['/dev/vdb', '/dev/sdf'],
    ['/dev/sdh', '/dev/sdh'],
    ['/dev/xvdba', '/dev/xvdba'],
    ['/dev/sda', '/dev/sdf'],
  ])('make of %s %s', (wanted, name) => {
    expect(deviceFor(holding('/dev/xvda'), wanted)).toBe(name);
  });

  it('are never given twice, whatever the kernel calls them', () => {
    expect(deviceFor(holding('/dev/sdf', '/dev/xvdg'), '/dev/sdg')).toBe('/dev/sdh');
  });

  it('run out with a conflict', () => {
    const all = [...'fghijklmnop'].map((letter) => `/dev/sd${letter}`);
    const more = [...'bc'].flatMap((first) => [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `/dev/xvd${first}${letter}`));

    expect(() => deviceFor(holding(...all, ...more), null)).toThrow(expect.objectContaining({ kind: 'conflict' }));
  });
});
