import type { Explanation, LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import type { Ec2ProviderConfig } from '../src/settings/config.js';
import { ARM_AMI, aBench, aFlavor, aRequest, type Bench, launchOne } from './builders.js';

async function explained({ provider }: Bench, changes: Partial<LaunchRequest> = {}): Promise<Explanation> {
  const explanation = await provider.explain?.(aRequest(changes));
  if (explanation === undefined) throw new Error('it cannot explain');
  return explanation;
}

/** `type zone standing reason` of each candidate. */
function standings({ candidates }: Explanation): readonly string[] {
  return candidates.map(({ size, zone, standing, reason }) => [size, zone.slice(-1), standing, reason].filter(Boolean).join(' '));
}

describe('explain', () => {
  it('answers in the order of the offerings, the first of which is chosen', async () => {
    const bench = aBench();
    const offered = (await bench.provider.offerings(aRequest())).map(
      ({ parameters, zone }) => `${parameters.instanceType} ${zone}`,
    );

    const { candidates, refusal, image } = await explained(bench);

    expect(candidates.map(({ size, zone }) => `${size} ${zone}`)).toEqual(offered);
    expect(candidates.map(({ standing }) => standing)).toEqual(['chosen', ...offered.slice(1).map(() => 'next')]);
    expect(refusal).toBeNull();
    expect(image).toMatchObject({ architecture: 'x86_64' });
  });

  it('launches nothing and remembers nothing', async () => {
    const bench = aBench();
    await explained(bench);

    expect(bench.fake.counts().byAction).not.toHaveProperty('RunInstances');
    expect((await bench.provider.shape()).refusedMemoryMb).toEqual([]);
  });

  it('says of prices that they are estimates, and gives none for spot', async () => {
    const [best] = (await explained(aBench())).candidates;
    const [spot] = (await explained(aBench(), { schedulerHints: { market: 'spot' } })).candidates;

    expect(best?.hourlyPrice).toEqual({
      amount: expect.any(Number),
      currency: 'USD',
      basis: 'estimated',
      source: expect.stringContaining('not a price of AWS'),
    });
    expect(spot).toMatchObject({ market: 'spot', hourlyPrice: null });
  });

  it('prices types that are named without looking at the catalogue', async () => {
    const bench = aBench({ instanceTypeMap: { 'm1.small': ['m5.large', 'nosuch.large'] }, zones: ['us-east-1a'] });
    const { candidates } = await explained(bench);

    expect(candidates).toMatchObject([
      { size: 'm5.large', standing: 'chosen', hourlyPrice: { amount: 0.1 } },
      { size: 'nosuch.large', standing: 'passed-over', reason: 'the type does not exist in this region', hourlyPrice: null },
    ]);
  });

  it('names the zone asked for, disabled and impaired zones', async () => {
    const zones = defaultRegion.zones.map((zone) => ({ ...zone, available: zone.name !== 'us-east-1c' }));
    const bench = aBench({ maxCandidates: 1 }, { region: { zones } });

    expect(standings(await explained(bench, { disabledZones: ['us-east-1a'] }))).toEqual([
      't3.small a passed-over an operator has disabled its zone',
      't3.small b chosen',
      't3.small c passed-over EC2 calls its zone impaired',
    ]);
    expect(standings(await explained(bench, { zone: 'us-east-1b' }))[0]).toBe(
      't3.small a passed-over zone us-east-1b was asked for',
    );
  });

  it('names what was refused lately, and until when', async () => {
    const bench = aBench({ maxCandidates: 1 });
    bench.fake.setRoom({ zone: 'us-east-1a' }, 0);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'capacity' });

    const [first, second] = (await explained(bench)).candidates;

    expect(first).toMatchObject({
      standing: 'passed-over',
      reason: 'EC2 had no room for the type in its zone',
      until: new Date(bench.clock.now() + 180_000).toISOString(),
    });
    expect(second).toMatchObject({ standing: 'chosen', until: null });
  });

  it('names a spent quota', async () => {
    const bench = aBench({ maxCandidates: 1 });
    bench.fake.setQuota({ market: 'on-demand', family: 'standard' }, 0);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'quota' });

    const { candidates, refusal } = await explained(bench);

    expect(candidates[0]?.reason).toBe("the account's quota for such types was spent");
    expect(refusal).toMatchObject({ kind: 'capacity', userMessage: expect.stringContaining('No room at the moment') });
  });

  it('names zones that lack the type, and subnets that another address lies in', async () => {
    const image = { ...aRequest().image, properties: { ec2_ami: ARM_AMI } };
    const lacking = await explained(aBench({ maxCandidates: 1 }), { image, flavor: aFlavor({ memoryMb: 8192 }) });
    const networks = [{ networkId: null, portId: null, fixedIp: '172.31.20.9' }];
    const elsewhere = await explained(aBench({ maxCandidates: 1 }), { networks });

    expect(standings(lacking)[2]).toBe('m6g.large c passed-over the type is not offered in its zone');
    expect(standings(elsewhere)[0]).toBe('t3.small a passed-over the address 172.31.20.9 lies in another subnet');
  });

  it('names a second subnet of a zone as what comes next', async () => {
    const [subnet] = defaultRegion.subnets;
    const second = { ...subnet, subnetId: 'subnet-0a1b2c3d4e5f60009', cidr: '172.31.200.0/24', freeAddresses: 100 };
    const subnets = [...defaultRegion.subnets, second] as typeof defaultRegion.subnets;
    const configured = { 'us-east-1a': [subnet?.subnetId ?? '', second.subnetId] };
    const { candidates } = await explained(aBench({ subnets: configured, maxCandidates: 1 }, { region: { subnets } }));

    expect(candidates.map(({ network, standing }) => [network, standing])).toEqual([
      [subnet?.subnetId, 'chosen'],
      [second.subnetId, 'next'],
    ]);
  });

  it('names the rule that every other type breaks', async () => {
    const { sizesPassedOver } = await explained(aBench({ maxCandidates: 1 }), { flavor: aFlavor({ vcpus: 2, memoryMb: 4096 }) });
    const reasons = Object.fromEntries(sizesPassedOver.map(({ size, reason }) => [size, reason]));

    expect(reasons).toMatchObject({
      't3.small': 'too little memory',
      't2.micro': 'too few vCPUs',
      'm6g.large': 'another architecture than the image',
      'g4dn.xlarge': 'has GPUs that nobody asked for',
      'm5.metal': 'bare metal',
      'm5.large': expect.stringContaining('max_candidates'),
    });
    expect(sizesPassedOver).toHaveLength(defaultRegion.types.length - 1);
  });

  it('names them too when nothing fits, and what the user would read', async () => {
    const { candidates, sizesPassedOver, refusal } = await explained(aBench(), { flavor: aFlavor({ vcpus: 1000 }) });

    expect(candidates).toEqual([]);
    expect(sizesPassedOver).toHaveLength(defaultRegion.types.length);
    expect(refusal).toMatchObject({ kind: 'invalid', userMessage: expect.stringContaining('1000 vCPUs') });
  });

  it('takes what is wrong with the request for an answer', async () => {
    const image = { ...aRequest().image, properties: { ec2_ami: 'ami-0fffffffffffffff0' } };

    expect(await explained(aBench(), { image })).toMatchObject({ image: null, candidates: [], refusal: { kind: 'not-found' } });
  });

  it('rejects when EC2 cannot be asked', async () => {
    const bench = aBench();
    bench.fake.inject({ action: '*', code: 'UnauthorizedOperation', times: null });

    await expect(explained(bench)).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('notes an elastic address, which costs', async () => {
    const { notes } = await explained(aBench({ elasticAddress: 'always' }));

    expect(notes).toEqual([expect.stringContaining('elastic IP address')]);
  });

  it('notes what is ignored or means something else', async () => {
    const { notes } = await explained(aBench(), {
      schedulerHints: { query: '[]', different_host: ['u1'], group: 'g1' },
      networks: [{ networkId: 'n1', portId: null, fixedIp: null }],
      securityGroups: ['default', 'web'],
      flavor: aFlavor({ ephemeralGb: 10, swapMb: 512 }),
      configDrive: true,
    });

    expect(notes).toEqual([
      expect.stringContaining('Hint query'),
      expect.stringMatching(/different_host: the zone of u1 is not known/),
      expect.stringMatching(/group g1 has no placement group/),
      expect.stringContaining('networks asked for are ignored'),
      expect.stringContaining('Security group web'),
      expect.stringMatching(/swap \(512 MiB\) is a file/),
      expect.stringContaining('/mnt/config'),
    ]);
  });

  it.each<[string, Partial<LaunchRequest>, Partial<Ec2ProviderConfig>, RegExp]>([
    ['an option', {}, { swap: 'none' }, /swap = none/],
    ['the guest', { image: { ...aRequest().image, properties: { os_type: 'windows' } } }, {}, /Windows/],
    ['the user data', { userData: 'AAAA' }, {}, /nothing can be added/],
  ])('says that there is no swap because of %s', async (_, changes, config, why) => {
    const { notes } = await explained(aBench(config), { flavor: aFlavor({ swapMb: 512 }), ...changes });

    expect(notes).toEqual([expect.stringMatching(why)]);
  });

  it('has nothing to note of an ordinary request', async () => {
    expect((await explained(aBench())).notes).toEqual([]);
  });
});
