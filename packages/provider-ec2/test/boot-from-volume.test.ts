import type { LaunchRequest } from '@burstcell/provider';
import { base64 } from '@burstcell/provider/conformance';
import { describe, expect, it } from '@jest/globals';
import { parseEc2Options } from '../src/index.js';
import { AMI, ARM_AMI, aBench, abilitiesOf, aFlavor, aReplica, aRequest, type Bench, finish } from './builders.js';

const ZONE = 'us-east-1a';
const USER_DATA = base64('#!/bin/sh\necho mine');
const SETTINGS = { volumeBootAmi: { '*': AMI }, defaultAmi: undefined as never };

/** As nova describes one that boots from a volume. */
function aVolumeBoot(changes: Partial<LaunchRequest> = {}): LaunchRequest {
  const image = { ...aRequest().image, id: null, properties: {} };
  const rootDisk = { source: 'volume', sizeGb: null, isKept: true } as const;
  return aRequest({ image, rootDisk, volumesZone: ZONE, userData: USER_DATA, ...changes });
}

async function waiting(bench: Bench, request = aVolumeBoot()) {
  const { provider, fake, clock } = bench;
  const [offering] = await provider.offerings(request);
  const [launch] = offering === undefined ? [] : provider.freeze([request], offering, 1);
  if (launch === undefined) throw new Error('nothing frozen');
  const id = [...(await provider.launch(launch)).values()][0]?.providerId ?? '';
  clock.advance(2_000);
  const providerVolumeId = fake.addVolume({ zone: ZONE, sizeGb: 9 });
  return { id, launch, providerVolumeId, boot: { providerVolumeId, launch } };
}

const aVolumeBench = (more: Parameters<typeof aBench>[0] = {}) => aBench({ ...SETTINGS, ...more });

describe('a machine that boots from a volume', () => {
  it('is launched from the stand-in, with a disk no larger than that needs, and without the user data', async () => {
    const bench = aVolumeBench();

    const { id } = await waiting(bench, aVolumeBoot({ flavor: aFlavor({ rootGb: 500 }) }));

    expect(bench.fake.instance(id)).toMatchObject({ imageId: AMI, state: 'running' });
    expect(bench.fake.userData(id)).toBeUndefined();
    expect(await bench.fake.describeVolumes({ filters: { status: ['in-use'] } })).toMatchObject([{ sizeGb: 8 }]);
  });

  it('ends with the volume in the root’s place, for good, its user data set, and no other disk', async () => {
    const bench = aVolumeBench();
    const { id, boot, providerVolumeId } = await waiting(bench);

    await finish(bench, () => abilitiesOf(bench).bootFromVolume(id, boot));

    const { rootDeviceName } = bench.fake.instance(id) ?? {};
    expect(bench.fake.instance(id)?.state).toBe('running');
    expect(bench.fake.volumes()).toEqual([
      { volumeId: providerVolumeId, state: 'in-use', instanceId: id, device: rootDeviceName, deleteOnTermination: false },
    ]);
    expect(bench.fake.userData(id)).toBe(USER_DATA);
  });

  it('has its user data before the volume can boot, and its stand-in deleted before it starts', async () => {
    const bench = aVolumeBench();
    const { id, boot } = await waiting(bench);
    bench.fake.clearCalls();

    await finish(bench, () => abilitiesOf(bench).bootFromVolume(id, boot));

    const changes = bench.fake.calls().flatMap(({ action }) => (/^(Describe|CreateTags)/.test(action) ? [] : [action]));
    expect([...new Set(changes)]).toEqual([
      ...['StopInstances', 'DetachVolume', 'ModifyInstanceAttribute', 'AttachVolume', 'DeleteVolume', 'StartInstances'],
    ]);
  });

  describe.each(['before', 'after'] as const)('that loses an answer, %s its effect,', (when) => {
    it.each([
      ...['CreateTags', 'StopInstances', 'DetachVolume', 'ModifyInstanceAttribute', 'AttachVolume', 'DeleteVolume'],
      'StartInstances',
    ])('of %s is brought to its end by another process', async (action) => {
      const bench = aVolumeBench();
      const { id, boot, providerVolumeId } = await waiting(bench);
      bench.fake.inject({ action, code: 'NetworkingError', when });

      const first = finish(bench, () => abilitiesOf(bench).bootFromVolume(id, boot));
      await expect(first).rejects.toMatchObject({ kind: 'unavailable' });
      await finish(bench, () => aReplica(bench).bootFromVolume(id, boot));

      expect(bench.fake.volumes()).toMatchObject([{ volumeId: providerVolumeId, instanceId: id }]);
      expect(bench.fake.userData(id)).toBe(USER_DATA);
    });
  });

  it('that ends at any step leaves its volume, and of its stand-in what is found as left over', async () => {
    const bench = aVolumeBench();
    for (let calls = 1; ; calls += 1) {
      const { id, boot, providerVolumeId } = await waiting(bench);
      const last = await abilitiesOf(bench).bootFromVolume(id, boot);
      let progress = last;
      for (let call = 1; call < calls && progress !== 'done'; call += 1) {
        bench.clock.advance(500);
        progress = await abilitiesOf(bench).bootFromVolume(id, boot);
      }

      await bench.provider.terminate(id);
      bench.clock.advance(5_000);
      for (const left of await abilitiesOf(bench).leftovers()) await abilitiesOf(bench).deleteLeftover(left);

      expect(bench.fake.volumes()).toMatchObject([{ volumeId: providerVolumeId, state: 'available' }]);
      await bench.fake.deleteVolume(providerVolumeId);
      if (progress === 'done') return;
    }
  });

  it('loses no disk but its stand-in’s: one that somebody put there is left alone', async () => {
    const bench = aVolumeBench();
    const { id, boot } = await waiting(bench);
    const step = () => abilitiesOf(bench).bootFromVolume(id, boot);
    await step();
    await step();
    bench.clock.advance(2_000);
    const { rootDeviceName = '', blockDevices = [] } = bench.fake.instance(id) ?? {};
    await bench.fake.detachVolume({ volumeId: blockDevices[0]?.volumeId ?? '', instanceId: id });
    bench.clock.advance(2_000);
    const volumeId = bench.fake.addVolume({ zone: ZONE });
    await bench.fake.attachVolume({ volumeId, instanceId: id, device: rootDeviceName });
    bench.clock.advance(2_000);

    await expect(step()).rejects.toMatchObject({ kind: 'invalid' });

    expect(bench.fake.volumes()).toContainEqual(expect.objectContaining({ volumeId, instanceId: id }));
  });

  it('is not rebuilt or rescued: both would end the volume with it', async () => {
    const bench = aVolumeBench();
    const { id, boot } = await waiting(bench);
    await finish(bench, () => abilitiesOf(bench).bootFromVolume(id, boot));

    const asked = { token: 't', password: null };
    await expect(abilitiesOf(bench).rebuild(id, { ...asked, providerImageId: AMI })).rejects.toMatchObject({
      kind: 'unsupported',
    });
    await expect(abilitiesOf(bench).rescue(id, { ...asked, providerImageId: null })).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining('boots from a volume'),
    });
  });
});

describe('the stand-in for a volume', () => {
  const imageOf = async (more: Parameters<typeof aBench>[0], changes: Partial<LaunchRequest> = {}) => {
    const [offering] = await aVolumeBench(more).provider.offerings(aVolumeBoot(changes));
    return offering?.parameters.imageId;
  };
  const withProperties = (properties: Record<string, string>) => ({ image: { ...aVolumeBoot().image, properties } });

  it('is the AMI of the volume’s image, the operator’s for the architecture, or the default one', async () => {
    const amis = { x86_64: AMI, arm64: ARM_AMI };

    expect(await imageOf({ volumeBootAmi: { '*': AMI } }, withProperties({ ec2_ami: ARM_AMI }))).toBe(ARM_AMI);
    expect(await imageOf({ volumeBootAmi: amis })).toBe(AMI);
    expect(await imageOf({ volumeBootAmi: amis }, withProperties({ hw_architecture: 'aarch64' }))).toBe(ARM_AMI);
    const flavor = aFlavor({ extraSpecs: { 'ec2:architecture': 'arm64' } });
    expect(await imageOf({ volumeBootAmi: amis }, { flavor })).toBe(ARM_AMI);
    expect(await imageOf({ volumeBootAmi: {}, defaultAmi: AMI })).toBe(AMI);
  });

  it('must be there: else the boot is refused early, with the remedy', async () => {
    await expect(imageOf({ volumeBootAmi: { arm64: ARM_AMI } })).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining('volume_boot_ami'),
    });
  });

  it('cannot be a spot server, nor one that can hibernate', async () => {
    const flavor = aFlavor({ extraSpecs: { 'ec2:hibernation': 'true' } });

    await expect(imageOf({}, { schedulerHints: { market: 'spot' } })).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('--hint market=on-demand'),
    });
    await expect(imageOf({}, { flavor })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is written as one AMI, or one for each architecture', () => {
    const read = (text: string) => parseEc2Options({ region: 'us-east-1', volume_boot_ami: text }).volumeBootAmi;

    expect(read('')).toEqual({});
    expect(read('ami-1')).toEqual({ '*': 'ami-1' });
    expect(read('x86_64:ami-1, arm64:ami-2')).toEqual({ x86_64: 'ami-1', arm64: 'ami-2' });
    expect(() => read('ami-1,ami-2')).toThrow('[ec2] volume_boot_ami: "ami-1" is no pair');
    expect(() => read('x86_64:debian')).toThrow('write ami-1, or x86_64:ami-1,arm64:ami-2');
  });
});
