import type { LaunchRequest, Provider, ProviderInstance } from '@burstcell/provider';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2, ManualClock } from '../src/fake/index.js';
import { createEc2Accounts, type Ec2Account } from '../src/index.js';
import { AMI, abilitiesOf, aConfig, aRequest, finish, launchOne } from './builders.js';

const OTHER = '210987654321';
const [a = '', b = '', c = ''] = defaultRegion.zones.map(({ name }) => name);
/** Zone a of the home account is called b here, b is c, and c is not there; its own a is a place of its own. */
const ZONES = [
  { name: b, zoneId: 'use1-az1', available: true },
  { name: c, zoneId: 'use1-az2', available: true },
  { name: a, zoneId: 'use1-az9', available: true },
];

const SOURCE = { checksum: 'c1', sizeBytes: 4, read: () => Promise.reject(new Error('it is in the bucket')) };

describe('several accounts', () => {
  let clock: ManualClock;
  let home: FakeEc2;
  let other: FakeEc2;
  let provider: Provider;

  beforeEach(() => {
    clock = new ManualClock();
    home = new FakeEc2({ clock, delays: 0 });
    other = new FakeEc2({ clock, delays: 0, ownerId: OTHER, region: { zones: ZONES } });
    provider = withAccounts([theOther(['p2'])]);
  });
  afterEach(() => provider.close());

  const theOther = (projects: readonly string[], changes: Partial<Ec2Account['config']> = {}): Ec2Account => ({
    account: OTHER,
    projects,
    config: aConfig({ api: other, clock, ...changes }),
  });
  const withAccounts = (accounts: readonly Ec2Account[]) => createEc2Accounts(aConfig({ api: home, clock }), accounts);
  const launch = (changes: Partial<LaunchRequest>) => launchOne({ provider, clock, fake: home }, aRequest(changes));
  const machines = (fake: FakeEc2) => fake.snapshot().instances.map(({ instanceId }) => instanceId);

  async function everyMachine(): Promise<readonly ProviderInstance[]> {
    const all: ProviderInstance[] = [];
    let page: string | undefined;
    do {
      const { instances, next } = await provider.list(page);
      all.push(...instances);
      page = next;
    } while (page !== undefined);
    return all;
  }

  it('take each the servers of their projects; ids of all but the first carry the number', async () => {
    const first = await launch({ projectId: 'p1' });
    const second = await launch({ projectId: 'p2' });

    expect(machines(home)).toEqual([first]);
    expect(machines(other).map((id) => `${id}@${OTHER}`)).toEqual([second]);
    expect([...(await provider.describe([first, second])).keys()].sort()).toEqual([first, second].sort());
    expect((await everyMachine()).map(({ providerId }) => providerId)).toEqual([first, second]);
  });

  it('have each the security groups of their projects, and bring all of them along', async () => {
    const group = { id: 'g1', name: 'web', rules: [] };
    const request = aRequest({ projectId: 'p2', securityGroups: ['web'], securityGroupRules: [group] });
    await provider.prepareSecurityGroups?.(request);
    const followed = (fake: FakeEc2) => fake.securityGroups().filter(({ tags = {} }) => 'burstcell:security-group' in tags);

    expect([followed(home).length, followed(other).length]).toEqual([0, 1]);
    await provider.prepareSecurityGroups?.({ ...request, projectId: 'p1' });
    expect(await provider.syncSecurityGroups?.(async () => [group])).toMatchObject({ groups: 2, changed: 0 });

    other.inject({ action: 'DescribeSecurityGroups', code: 'UnauthorizedOperation' });
    const hole = { protocol: '-1', fromPort: -1, toPort: -1, source: 'ipv4', value: '0.0.0.0/0' } as const;
    await home.authorizeSecurityGroupIngress({ groupId: followed(home)[0]?.groupId ?? '', rules: [hole] });
    await expect(provider.syncSecurityGroups?.(async () => [group])).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(followed(home)[0]?.ingress).toEqual([]);
  });

  it('lead every verb to the account of its machine', async () => {
    const id = await launch({ projectId: 'p2' });
    clock.advance(10);

    await provider.stop(id);
    clock.advance(10);
    await provider.terminate(id);

    expect(other.counts().byAction).toMatchObject({ StopInstances: 1, TerminateInstances: 1 });
    expect(home.counts().byAction).not.toHaveProperty('TerminateInstances');
  });

  it('mean the same place by a zone, whatever an account calls it', async () => {
    const id = await launch({ projectId: 'p2', zone: a });

    expect((await provider.describe([id])).get(id)).toMatchObject({ zone: a });
    expect(other.snapshot().instances).toMatchObject([{ availabilityZone: b }]);
  });

  it('offer nothing in a zone that the first account lacks or the other does', async () => {
    const offered = await provider.offerings(aRequest({ projectId: 'p2' }));

    expect([...new Set(offered.map(({ zone }) => zone))].sort()).toEqual([a, b]);
    await expect(provider.offerings(aRequest({ projectId: 'p2', zone: c }))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('carry out a frozen launch where it was frozen, also when its project has moved since', async () => {
    const request = aRequest({ projectId: 'p2' });
    const [offering] = await provider.offerings(request);
    if (!offering) throw new Error('nothing offered');
    const [frozen] = provider.freeze([request], offering, 1);
    if (!frozen) throw new Error('nothing frozen');
    provider = withAccounts([theOther([])]);

    await provider.launch(JSON.parse(JSON.stringify(frozen)));

    expect(machines(other)).toHaveLength(1);
    expect(machines(home)).toHaveLength(0);
  });

  it.each([
    ['the number is unknown', [] as const],
    ['another is there', ['310987654321'] as const],
  ])('leave what is in an account that is not configured unknown: %s', async (_, numbers) => {
    const id = await launch({ projectId: 'p2' });
    const rest = numbers.map((account) => ({
      ...theOther([]),
      account,
      config: aConfig({ api: new FakeEc2({ clock }), clock }),
    }));
    provider = withAccounts(rest);
    const unavailable = { kind: 'unavailable', message: expect.stringContaining('accounts_file') };

    await expect(provider.describe([id])).rejects.toMatchObject(unavailable);
    await expect(provider.stop(id)).rejects.toMatchObject(unavailable);
    await expect(provider.terminate(id)).rejects.toMatchObject(unavailable);
    await expect(abilitiesOf({ provider }).describeSnapshots([`ami-1@${OTHER}`])).rejects.toMatchObject(unavailable);
  });

  it('fail a sweep together', async () => {
    other.inject({ action: 'DescribeInstances', code: 'UnauthorizedOperation', times: null });

    await expect(everyMachine()).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('are described one by one for who can be told what is unknown', async () => {
    const ids = [await launch({ projectId: 'p1' }), await launch({ projectId: 'p2' })];
    other.inject({ action: 'DescribeInstances', code: 'UnauthorizedOperation', times: null });
    const unknown: string[] = [];

    const found = await provider.describe(ids, { onUnknown: (some) => void unknown.push(...some) });

    expect([...found.keys()]).toEqual([ids[0]]);
    expect(unknown).toEqual([ids[1]]);
    await expect(provider.describe(ids)).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(provider.describe(ids.slice(1), { onUnknown: () => {} })).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('keep images and volumes to themselves', async () => {
    const id = await launch({ projectId: 'p2' });
    const abroad = { projectId: 'p1', image: { ...aRequest().image, providerImageId: `ami-0a1b2c3d4e5f60001@${OTHER}` } };
    const volume = { volumeId: 'v', providerVolumeId: 'vol-0fffffffffffffff0@310987654321', deviceName: null };
    const can = abilitiesOf({ provider });

    await expect(provider.offerings(aRequest(abroad))).rejects.toMatchObject({ kind: 'invalid', subject: 'image' });
    await expect(can.rebuild(id, { providerImageId: 'ami-0a1b2c3d4e5f60001', token: 't' })).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'image',
    });
    await expect(can.attachVolume(id, volume)).rejects.toMatchObject({ kind: 'invalid', subject: 'volume' });
  });

  it('say where a volume is for the project or machine that gets it, as the place is called at home', async () => {
    const volumeId = other.addVolume({ zone: b });
    const qualified = `${volumeId}@${OTHER}`;
    const providerId = await launch({ projectId: 'p2' });
    const placesOf = async (...asked: Parameters<ReturnType<typeof abilitiesOf>['describeVolumes']>) => {
      const found = await abilitiesOf({ provider }).describeVolumes(...asked);
      return [...found].map(([id, { zone }]) => [id, zone]);
    };

    expect(await placesOf([volumeId], { projectId: 'p2' })).toEqual([[volumeId, a]]);
    expect(await placesOf([qualified], { providerId })).toEqual([[qualified, a]]);
    expect(await placesOf([volumeId], { projectId: 'p1' })).toEqual([]);
    await expect(placesOf([qualified], { projectId: 'p1' })).rejects.toMatchObject({ kind: 'invalid', subject: 'volume' });
  });

  it('resolve an image for the machine that gets it', async () => {
    const ids = [await launch({ projectId: 'p1' }), await launch({ projectId: 'p2' })];
    const { image } = aRequest();

    const resolved = ids.map((providerId) => abilitiesOf({ provider }).resolveImage(image, { providerId }));

    expect(await Promise.all(resolved)).toEqual(['ami-0a1b2c3d4e5f60001', `ami-0a1b2c3d4e5f60001@${OTHER}`]);
  });

  it('add up their room, and one that does not answer counts for nothing', async () => {
    const alone = await createEc2Accounts(aConfig({ api: home, clock }), []).shape();
    const both = await provider.shape();
    other.inject({ action: 'DescribeSubnets', code: 'UnauthorizedOperation', times: null });
    provider = withAccounts([theOther(['p2'])]);

    expect(both.headroom.instances).toBe(2 * (alone.headroom.instances ?? 0));
    expect(await provider.shape()).toEqual(alone);
  });

  it('count their limits apart', async () => {
    const taken: string[] = [];
    const budget = (name: string) => ({ take: async (action: string) => void taken.push(`${name} ${action}`), drain: () => {} });
    const config = aConfig({ api: home, clock, sharedBudget: budget('home') });
    provider = createEc2Accounts(config, [theOther(['p2'], { sharedBudget: budget('other') })]);

    await provider.admit?.();
    await provider.admit?.({ account: OTHER });

    expect(taken).toEqual(['home RunInstances', 'other RunInstances']);
  });

  it('conclude nothing when one of them is configured twice', async () => {
    home = new FakeEc2({ clock, delays: 0, ownerId: OTHER });
    provider = withAccounts([theOther(['p2'])]);
    await launch({ projectId: 'p1' });

    await expect(everyMachine()).rejects.toMatchObject({ kind: 'unauthorized', message: expect.stringContaining(OTHER) });
  });

  it('bring an image to the account of its projects, or of the machine that is to get it', async () => {
    const store = { holds: async () => true, put: async () => {} };
    const imports = { defaultAmi: undefined, importBucket: 'images', imageStore: store } as unknown as Partial<
      Ec2Account['config']
    >;
    const others = [theOther(['p2'], imports)];
    const importing = createEc2Accounts({ ...aConfig({ api: home, clock }), ...imports }, others);
    const image = { ...aRequest().image, id: 'img-1', properties: {}, providerImageId: null };
    const look = (format: string, options: { readonly projectId: string; readonly providerId?: string }) =>
      importing.importImage?.(image, async () => ({ ...SOURCE, format }), options);

    await look('raw', { projectId: 'p1', providerId: `i-1@${OTHER}` });
    clock.advance(5_000);
    await look('vhd', { projectId: 'p2', providerId: 'i-1' });
    clock.advance(5_000);
    await look('vmdk', { projectId: 'p2' });

    const tasks = async (fake: FakeEc2) => (await fake.describeImportSnapshotTasks()).length;
    expect(await tasks(other)).toBe(2);
    expect(await tasks(home)).toBe(1);
    const listed = (await importing.imports?.())?.map(({ format, account }) => [format, account]);
    expect(listed?.sort()).toEqual([
      ['raw', OTHER],
      ['vhd', null],
      ['vmdk', OTHER],
    ]);
    await importing.close();
  });

  it('rebuild and rescue a machine with what was imported to its account', async () => {
    const store = { holds: async () => true, put: async () => {} };
    const imports = { importBucket: 'images', imageStore: store, defaultAmi: undefined } as unknown as Partial<
      Ec2Account['config']
    >;
    const accounts = createEc2Accounts({ ...aConfig({ api: home, clock }), ...imports }, [theOther(['p2'], imports)]);
    const mapped = { ...aRequest().image, properties: { ec2_ami: AMI } };
    const request = aRequest({ projectId: 'p2', image: mapped });
    const providerId = await launchOne({ provider: accounts, clock, fake: other }, request);
    const image = { ...mapped, id: 'img-1', properties: {}, providerImageId: null };
    let imported = '';
    for (let looks = 0; looks < 10 && imported === ''; looks += 1) {
      clock.advance(5_000);
      const state = await accounts.importImage?.(image, async () => ({ ...SOURCE, format: 'raw' }), { providerId });
      if (state?.state === 'done') imported = state.providerImageId;
    }

    const bench = { provider: accounts, clock, fake: other };
    await finish(bench, () => abilitiesOf(bench).rebuild(providerId, { providerImageId: imported, token: 't1' }));
    const wish = { providerImageId: imported, password: null, token: 't2' };
    await finish(bench, () => abilitiesOf(bench).rescue(providerId, wish));

    const [machine] = (await other.describeInstances({})).instances;
    expect(`${machine?.imageId}@${OTHER}`).toBe(imported);
    expect(await home.describeImages({ owners: ['self'] })).toEqual([]);
    await accounts.close();
  });
});
