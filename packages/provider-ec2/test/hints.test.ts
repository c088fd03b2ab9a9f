import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { ARM_AMI, aBench, aFlavor, aRequest, type Bench } from './builders.js';

const NEAR = '11111111-1111-1111-1111-111111111111';
const FAR = '22222222-2222-2222-2222-222222222222';
const zonesOfHinted = { [NEAR]: 'us-east-1a', [FAR]: 'us-east-1b' };

async function zonesOffered({ provider }: Bench, changes: Partial<LaunchRequest>): Promise<readonly string[]> {
  const offerings = await provider.offerings(aRequest({ zonesOfHinted, ...changes }));
  return [...new Set(offerings.map(({ zone }) => zone.slice(-1)))];
}

const hints = (schedulerHints: LaunchRequest['schedulerHints']) => ({ schedulerHints });

describe('hints about other servers', () => {
  it('different_host means another zone, of one server or of several', async () => {
    expect(await zonesOffered(aBench(), hints({ different_host: NEAR }))).toEqual(['b', 'c']);
    expect(await zonesOffered(aBench(), hints({ different_host: [NEAR, FAR] }))).toEqual(['c']);
  });

  it('same_host means the same zone', async () => {
    expect(await zonesOffered(aBench(), hints({ same_host: [FAR] }))).toEqual(['b']);
  });

  it('say nothing of servers whose zone is not known', async () => {
    expect(await zonesOffered(aBench(), hints({ different_host: ['constructor'], same_host: ['unknown'] }))).toHaveLength(3);
    expect(await zonesOffered(aBench(), { ...hints({ different_host: NEAR }), zonesOfHinted: {} })).toHaveLength(3);
  });

  it('are what the user is told about when they leave no zone', async () => {
    const bench = aBench({ zones: ['us-east-1a'] });

    await expect(zonesOffered(bench, hints({ different_host: NEAR }))).rejects.toMatchObject({
      kind: 'capacity',
      userMessage: expect.stringContaining('the hint different_host'),
    });
  });

  it.each([[{ different_host: 7 }], [{ same_host: [NEAR, null] }], [{ group: ['a', 'b'] }]])(
    'are refused as %j',
    async (given) => {
      await expect(zonesOffered(aBench(), hints(given))).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  it('that mean nothing here change nothing', async () => {
    expect(await zonesOffered(aBench(), hints({ query: '["=","$host","a"]' }))).toHaveLength(3);
  });
});

describe('server groups', () => {
  const placementGroupMap = { 'group-1': 'spread-1' };

  it.each([
    ['group-1', 'spread-1'],
    ['group-2', undefined],
  ])('%s is the placement group %s', async (group, placementGroup) => {
    const { provider } = aBench({ placementGroupMap });
    const request = aRequest(hints({ group }));
    const [offering] = await provider.offerings(request);
    const [launch] = offering ? provider.freeze([request], offering, 1) : [];

    expect(((launch?.parameters.run ?? {}) as { placementGroup?: string }).placementGroup).toBe(placementGroup);
  });
});

describe('flavors that ask for an architecture', () => {
  const flavor = (architecture: string) => aFlavor({ extraSpecs: { 'ec2:architecture': architecture } });
  const arm = { ...aRequest().image, properties: { ec2_ami: ARM_AMI } };

  it('go with images of it, in AWS’s word or another', async () => {
    await expect(zonesOffered(aBench(), { flavor: flavor('arm64'), image: arm })).resolves.not.toEqual([]);
    await expect(zonesOffered(aBench(), { flavor: flavor('aarch64'), image: arm })).resolves.not.toEqual([]);
  });

  it('do not go with others, and the user is told both', async () => {
    await expect(zonesOffered(aBench(), { flavor: flavor('arm64') })).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'flavor',
      userMessage: expect.stringMatching(/is for arm64, and the image is x86_64/),
    });
  });
});

describe('flavors that ask for devices', () => {
  const types = async (extraSpecs: Record<string, string>, bench = aBench()) => {
    const offerings = await bench.provider.offerings(aRequest({ flavor: aFlavor({ extraSpecs }) }));
    return [...new Set(offerings.map(({ parameters }) => parameters.instanceType))];
  };

  it.each([
    [{ 'resources:VGPU': '1' }],
    [{ 'resources1:VGPU': '1' }],
    [{ 'pci_passthrough:alias': 'gpu:1' }],
    [{ 'ec2:gpus': '1' }],
  ])('get a GPU for %j', async (extraSpecs) => {
    expect(await types(extraSpecs)).toEqual(['g4dn.xlarge']);
  });

  it('take the operator’s word for what is a GPU', async () => {
    expect(await types({ 'pci_passthrough:alias': 'a100' }, aBench({ gpuAliases: ['a100'] }))).toEqual(['g4dn.xlarge']);
  });

  it('are refused devices that nothing here has', async () => {
    await expect(types({ 'pci_passthrough:alias': 'gpu:1,qat:2' })).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'flavor',
      userMessage: expect.stringContaining('the device qat'),
    });
  });

  it('get the types they name, whatever devices they ask for', async () => {
    expect(await types({ 'pci_passthrough:alias': 'qat:2', 'ec2:instance_type': 'm5.large' })).toEqual(['m5.large']);
  });

  it('are told when no type has so many', async () => {
    await expect(types({ 'resources:VGPU': '4' })).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('4 GPUs'),
    });
  });
});
