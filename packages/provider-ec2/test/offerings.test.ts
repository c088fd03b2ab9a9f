import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2 } from '../src/fake/index.js';
import { createEc2Provider } from '../src/index.js';
import { AMI, ARM_AMI, aBench, aConfig, aFlavor, aRequest, type Bench, launchOne, whileTimePasses } from './builders.js';

const [subnet] = defaultRegion.subnets;
const anImage = (properties: Record<string, string>): LaunchRequest['image'] => ({ ...aRequest().image, properties });

/** The AMI of a snapshot that has just begun. */
async function snapshotOf(bench: Bench): Promise<readonly string[]> {
  const id = await launchOne(bench);
  bench.clock.advance(2_000);
  const snapshot = await bench.provider.snapshot?.(id, { name: 'mine', token: 'one' });
  return snapshot === undefined ? [] : [snapshot.snapshotId];
}

/** `type zone` of what is offered, best first. */
async function offered({ provider }: Bench, changes: Partial<LaunchRequest> = {}): Promise<readonly string[]> {
  const offerings = await provider.offerings(aRequest(changes));
  return offerings.map(({ parameters, zone }) => `${parameters.instanceType} ${zone.slice(-1)}`);
}

async function typesOffered(bench: Bench, changes: Partial<LaunchRequest> = {}): Promise<readonly string[]> {
  return [...new Set((await offered(bench, changes)).map((text) => text.split(' ')[0] ?? ''))];
}

describe('the zone of volumes', () => {
  it('is the only one, and says so where it is not open', async () => {
    const bench = aBench({ maxCandidates: 1, zones: ['us-east-1a', 'us-east-1b'] });

    expect(await offered(bench, { volumesZone: 'us-east-1b' })).toEqual(['t3.small b']);
    await expect(offered(bench, { volumesZone: 'us-east-1c' })).rejects.toMatchObject({
      kind: 'capacity',
      userMessage:
        'The volumes of this server are in zone us-east-1c, which is not open for such servers; try another flavor, or ask your cloud operator.',
    });
  });
});

describe('types offered', () => {
  it('are the nearest fit first, each in every zone before the next', async () => {
    const bench = aBench({ maxCandidates: 2 });

    expect(await offered(bench, { flavor: aFlavor({ vcpus: 2, memoryMb: 4096 }) })).toEqual([
      't3.medium a',
      't3.medium b',
      't3.medium c',
      't3.large a',
      't3.large b',
      't3.large c',
    ]);
  });

  it('have at least the vCPUs and memory of the flavor', async () => {
    expect(await typesOffered(aBench(), { flavor: aFlavor({ vcpus: 4, memoryMb: 20_000 }) })).toEqual([
      'r5.xlarge',
      't3.2xlarge',
      'm5.2xlarge',
      'r5.2xlarge',
      'c5.4xlarge',
    ]);
  });

  it('are of the architecture of the image', async () => {
    const types = await typesOffered(aBench(), { image: anImage({ ec2_ami: ARM_AMI }) });

    expect(types.every((type) => /^(t4g|m6g)\./.test(type))).toBe(true);
  });

  it('leave out those a zone does not have', async () => {
    const offers = await offered(aBench(), { image: anImage({ ec2_ami: ARM_AMI }), flavor: aFlavor({ memoryMb: 8192 }) });

    expect(offers.slice(0, 2)).toEqual(['m6g.large a', 'm6g.large b']);
  });

  it('have GPUs only for flavors that ask for some', async () => {
    const big = aFlavor({ vcpus: 4, memoryMb: 16_384 });

    expect(await typesOffered(aBench(), { flavor: big })).not.toContain('g4dn.xlarge');
    expect(await typesOffered(aBench(), { flavor: { ...big, extraSpecs: { 'ec2:gpus': '1' } } })).toEqual(['g4dn.xlarge']);
  });

  it('are not burstable where the operator does not want that', async () => {
    expect(await typesOffered(aBench({ burstable: false }))).toEqual(expect.not.arrayContaining([expect.stringMatching(/^t/)]));
  });

  it('are those of the extra spec, then of the map, without asking for the catalogue', async () => {
    const bench = aBench({ instanceTypeMap: { 'm1.small': ['m5.large', 'c5.large'] } });

    expect(await typesOffered(bench)).toEqual(['m5.large', 'c5.large']);
    expect(await typesOffered(bench, { flavor: aFlavor({ extraSpecs: { 'ec2:instance_type': 'r5.large' } }) })).toEqual([
      'r5.large',
    ]);
    expect(bench.fake.counts().byAction).not.toHaveProperty('DescribeInstanceTypes');
  });

  it('are the one the user hints at, if it is of about the size of the flavor', async () => {
    const hint = (instance_type: string) => ({ schedulerHints: { instance_type }, flavor: aFlavor({ memoryMb: 4096 }) });

    expect(await typesOffered(aBench(), hint('m5.large'))).toEqual(['m5.large']);
    await expect(offered(aBench(), hint('m5.4xlarge'))).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('far larger'),
    });
    await expect(offered(aBench(), hint('t3.nano'))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('are not there for a flavor that nothing fits, and the user is told its size', async () => {
    await expect(offered(aBench(), { flavor: aFlavor({ vcpus: 1000 }) })).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'flavor',
      userMessage: expect.stringContaining('1000 vCPUs, 2048 MiB, x86_64'),
    });
  });
});

describe('markets', () => {
  it('are the one of the hint, of the flavor or of the cell', async () => {
    const markets = async (bench: Bench, changes: Partial<LaunchRequest>) =>
      new Set((await bench.provider.offerings(aRequest(changes))).map(({ parameters }) => parameters.market));

    expect(await markets(aBench(), {})).toEqual(new Set(['on-demand']));
    expect(await markets(aBench(), { schedulerHints: { market: ['spot'] } })).toEqual(new Set(['spot']));
    expect(await markets(aBench(), { flavor: aFlavor({ extraSpecs: { 'ec2:market': 'spot' } }) })).toEqual(new Set(['spot']));
    expect(await markets(aBench({ market: 'spot' }), { schedulerHints: { market: 'on-demand' } })).toEqual(
      new Set(['on-demand']),
    );
  });

  it.each([['gold'], [['spot', 'spot']], [7]])('refuse the hint %j', async (market) => {
    await expect(offered(aBench(), { schedulerHints: { market } })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('zones offered', () => {
  it('are the one asked for, if the cell uses it', async () => {
    const bench = aBench({ zones: ['us-east-1a', 'us-east-1b'] });

    expect((await offered(bench, { zone: 'us-east-1b' })).every((offer) => offer.endsWith(' b'))).toBe(true);
    await expect(offered(bench, { zone: 'us-east-1c' })).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: 'Zone us-east-1c cannot run this flavor; use one of us-east-1a, us-east-1b.',
    });
  });

  it('are none that EC2 itself calls impaired', async () => {
    const zones = defaultRegion.zones.map((zone) => ({ ...zone, available: zone.name !== 'us-east-1a' }));

    expect(await offered(aBench({}, { region: { zones } }))).toEqual(expect.not.arrayContaining([expect.stringMatching(/ a$/)]));
  });

  it('hold the subnet of the fixed address', async () => {
    const bench = aBench();
    const network = (fixedIp: string) => ({ networks: [{ networkId: null, portId: null, fixedIp }] });

    expect((await offered(bench, network('172.31.20.9'))).every((offer) => offer.endsWith(' b'))).toBe(true);
    await expect(offered(bench, network('10.9.9.9'))).rejects.toMatchObject({ kind: 'invalid', subject: 'network' });
  });

  it('use another subnet of a zone when one has run out of addresses', async () => {
    const second = { ...subnet, subnetId: 'subnet-0a1b2c3d4e5f60009', cidr: '172.31.200.0/24', freeAddresses: 100 };
    const subnets = [...defaultRegion.subnets, second] as typeof defaultRegion.subnets;
    const configured = { 'us-east-1a': [subnet?.subnetId ?? '', second.subnetId] };
    const bench = aBench({ subnets: configured }, { region: { subnets } });
    bench.fake.inject({ action: 'RunInstances', code: 'InsufficientFreeAddressesInSubnet' });

    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'capacity', subject: 'network' });

    const [next] = await bench.provider.offerings(aRequest());
    expect(next?.parameters.subnetId).toBe(second.subnetId);
  });
});

describe('images', () => {
  it('are found by property, by map of id or name, by default', async () => {
    const id = aRequest().image.id ?? '';
    const bench = aBench({ imageMap: { [id]: 'amzn2-ami-hvm-x86_64-gp2' } });
    const imageOf = async (image: LaunchRequest['image']) =>
      (await bench.provider.offerings(aRequest({ image })))[0]?.parameters.imageId;

    expect(await imageOf(anImage({}))).toBe(AMI);
    expect(await imageOf(anImage({ aws_image_id: ARM_AMI }))).toBe(ARM_AMI);
    expect(await imageOf({ ...anImage({}), id: 'another' })).toBe(AMI);
  });

  it('are our own snapshot before everything else, also where the server had a volume', async () => {
    const bench = aBench();
    const [made] = await snapshotOf(bench);
    const image = { ...anImage({ ec2_ami: ARM_AMI }), id: null, providerImageId: made ?? '' };

    await expect(offered(bench, { image })).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 15_000 });
    bench.clock.advance(60_000);

    expect((await bench.provider.offerings(aRequest({ image })))[0]?.parameters.imageId).toBe(made);
    expect(await bench.provider.resolveImage?.(image)).toBe(made);
  });

  it('are asked for once', async () => {
    const bench = aBench();

    await offered(bench);
    await offered(bench);

    expect(bench.fake.counts().byAction.DescribeImages).toBe(1);
  });

  it('that nothing maps are refused with what to do', async () => {
    const { defaultAmi: _, ...config } = aConfig();
    const fake = new FakeEc2();
    const provider = createEc2Provider({ ...config, api: fake });

    await expect(provider.offerings(aRequest())).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'image',
      userMessage: expect.stringContaining('set its property ec2_ami or ask your cloud operator to map it'),
    });
    await expect(provider.offerings(aRequest({ image: { ...anImage({}), id: null } }))).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining('boot from an image'),
    });
  });

  it('that are gone from EC2 are not found', async () => {
    await expect(offered(aBench(), { image: anImage({ ec2_ami: 'ami-0fffffffffffffff0' }) })).rejects.toMatchObject({
      kind: 'not-found',
      subject: 'image',
      faultCode: 404,
    });
    await expect(offered(aBench(), { image: anImage({ ec2_ami: 'no such name' }) })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('are never found by a name that every object has', async () => {
    await expect(offered(aBench({ imageProperties: ['constructor'] }))).resolves.not.toEqual([]);
  });
});

describe('requests', () => {
  it.each<[string, Partial<LaunchRequest>, string]>([
    ['user data beyond 16 KB', { userData: Buffer.alloc(16_385).toString('base64') }, 'invalid'],
    ['files for Windows', { injectedFiles: [['/etc/motd', 'aGk=']], image: anImage({ os_type: 'windows' }) }, 'unsupported'],
    ['files that have no path', { injectedFiles: [['/etc/', 'aGk=']] }, 'invalid'],
    ['a key EC2 does not take', { keyPair: { name: 'k', publicKey: 'ecdsa-sha2-nistp256 AAAA me' } }, 'invalid'],
  ])('with %s are refused before anything is asked', async (_, changes, kind) => {
    const bench = aBench();

    await expect(offered(bench, changes)).rejects.toMatchObject({ kind, userMessage: expect.stringMatching(/ cloud| path/) });
    expect(bench.fake.counts().total).toBe(0);
  });
});

describe('refusals', () => {
  it('are forgotten after a while', async () => {
    const bench = aBench({ instanceTypeMap: { 'm1.small': ['m5.large'] }, zones: ['us-east-1a'] });
    bench.fake.setRoom({ zone: 'us-east-1a' }, 0);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'capacity' });

    await expect(offered(bench)).rejects.toMatchObject({ kind: 'capacity', retryAfterMs: 180_000 });
    bench.clock.advance(180_000);
    expect(await offered(bench)).toEqual(['m5.large a']);
  });

  it('of a quota close every type of its class and leave the other market open', async () => {
    const bench = aBench();
    bench.fake.setQuota({ market: 'on-demand', family: 'standard' }, 0);
    await expect(launchOne(bench)).rejects.toMatchObject({ kind: 'quota', faultCode: 413 });

    await expect(offered(bench)).rejects.toMatchObject({ kind: 'capacity' });
    expect(await offered(bench, { schedulerHints: { market: 'spot' } })).not.toEqual([]);
  });

  it('survive trouble at EC2: facts that are known are served on', async () => {
    const bench = aBench();
    const before = await offered(bench);
    bench.fake.inject({ action: '*', code: 'InternalError', times: null });
    bench.clock.advance(13 * 3_600_000);

    expect(await whileTimePasses(bench.clock, offered(bench))).toEqual(before);
  });
});
