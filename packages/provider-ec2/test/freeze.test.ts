import type { Launch, LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { Ec2ProviderConfig } from '../src/index.js';
import type { RunInstancesInput } from '../src/ports/ec2-api.js';
import { AMI, aBench, aFlavor, aRequest } from './builders.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5 me@here';

async function frozen(requests: readonly LaunchRequest[], config: Partial<Ec2ProviderConfig> = {}): Promise<readonly Launch[]> {
  const { provider } = aBench(config);
  const [offering] = await provider.offerings(aRequest());
  if (!offering) throw new Error('nothing offered');
  return provider.freeze(requests, offering, 1);
}

async function run(changes: Partial<LaunchRequest> = {}, config: Partial<Ec2ProviderConfig> = {}): Promise<RunInstancesInput> {
  const [launch] = await frozen([aRequest(changes)], config);
  return launch?.parameters.run as unknown as RunInstancesInput;
}

describe('a frozen launch', () => {
  it('holds every parameter, the tags and the token', async () => {
    const request = aRequest({ displayName: 'web', projectId: 'p1', userData: 'aGk=' });
    const [launch] = await frozen([request], { securityGroupIds: ['sg-1'], iamInstanceProfile: 'guests' });

    expect(launch?.parameters.run).toEqual({
      clientToken: launch?.token,
      imageId: AMI,
      instanceType: 't3.small',
      minCount: 1,
      maxCount: 1,
      market: 'on-demand',
      subnetId: expect.stringMatching(/^subnet-/),
      securityGroupIds: ['sg-1'],
      iamInstanceProfile: 'guests',
      userData: 'aGk=',
      imdsV2Required: true,
      rootDevice: { deviceName: '/dev/xvda', sizeGb: 20, volumeType: 'gp3', encrypted: true },
      tags: {
        Name: 'web',
        'openstack-project': 'p1',
        'burstcell:cell': 'ec2',
        'burstcell:incarnation': 'first',
        'burstcell:uuid': request.uuid,
        'burstcell:launch': launch?.token,
      },
    });
  });

  it('has a root disk that holds the flavor, the image and what nova wants for it', async () => {
    const size = async (rootGb: number, minDiskGb: number) =>
      (await run({ flavor: aFlavor({ rootGb }), image: { ...aRequest().image, minDiskGb } })).rootDevice?.sizeGb;

    expect(await size(0, 0)).toBe(8);
    expect(await size(30, 10)).toBe(30);
    expect(await size(0, 12)).toBe(12);
  });

  it('has the disk that the flavor promises besides, or those asked for in its place', async () => {
    const flavor = aFlavor({ ephemeralGb: 30 });
    const disk = { volumeType: 'gp3', encrypted: true };
    const asked = [
      { sizeGb: 5, isKept: false },
      { sizeGb: 7, isKept: true },
    ];

    expect((await run()).moreDevices).toBeUndefined();
    expect((await run({ flavor })).moreDevices).toEqual([{ deviceName: '/dev/sdb', sizeGb: 30, ...disk }]);
    expect((await run({ flavor, disks: asked })).moreDevices).toEqual([
      { deviceName: '/dev/sdb', sizeGb: 5, ...disk },
      { deviceName: '/dev/sdc', sizeGb: 7, ...disk, isKept: true },
    ]);
  });

  it('has the root disk asked for, kept where that was said, and never smaller than its image', async () => {
    const root = async (sizeGb: number | null) => (await run({ rootDisk: { source: 'image', sizeGb, isKept: true } })).rootDevice;

    expect(await root(50)).toMatchObject({ sizeGb: 50, isKept: true });
    expect(await root(1)).toMatchObject({ sizeGb: 8 });
    expect(await root(null)).toMatchObject({ sizeGb: 20 });
  });

  it('names the key after its content, whatever the user calls it', async () => {
    const [mine, renamed, other] = await Promise.all([
      run({ keyPair: { name: 'mine', publicKey: KEY } }),
      run({ keyPair: { name: 'other', publicKey: KEY.replace('me@here', 'elsewhere') } }),
      run({ keyPair: { name: 'mine', publicKey: KEY.replace('IE5', 'IE6') } }),
    ]);

    expect(mine.keyName).toMatch(/^burstcell-[0-9a-f]{40}$/);
    expect(renamed.keyName).toBe(mine.keyName);
    expect(other.keyName).not.toBe(mine.keyName);
  });

  it('takes a key that came without material from the map, or none', async () => {
    const keyPairMap = { ops: 'ops-2024' };

    expect((await run({ keyPair: { name: 'ops', publicKey: null } }, { keyPairMap })).keyName).toBe('ops-2024');
    expect(await run({ keyPair: { name: 'constructor', publicKey: null } }, { keyPairMap })).not.toHaveProperty('keyName');
  });

  it('adds the security groups that nova names and the operator maps', async () => {
    const config = { securityGroupIds: ['sg-1'], securityGroupMap: { web: ['sg-2', 'sg-1'] } };

    expect((await run({ securityGroups: ['default', 'web'] }, config)).securityGroupIds).toEqual(['sg-1', 'sg-2']);
  });

  it('asks for the fixed address', async () => {
    expect((await run({ networks: [{ networkId: null, portId: null, fixedIp: '172.31.0.9' }] })).privateIpAddress).toBe(
      '172.31.0.9',
    );
  });
});

describe('freezing many', () => {
  const aBatch = (count: number, changes: Partial<LaunchRequest> = {}) =>
    Array.from({ length: count }, (_, at) => aRequest({ displayName: `web-${at}`, ...changes }));

  it('lets requests of one shape share a launch, without tags about one of them', async () => {
    const requests = aBatch(3);
    const launches = await frozen(requests);

    expect(launches.map(({ members }) => members)).toEqual([requests.map(({ uuid }) => uuid)]);
    expect(launches[0]?.parameters.run).toMatchObject({ minCount: 3, maxCount: 3 });
    expect(launches[0]?.parameters.run).not.toHaveProperty('tags.Name');
    expect(launches[0]?.parameters.run).toHaveProperty(['tags', 'openstack-project']);
  });

  it('keeps launches at the size the operator allows', async () => {
    const launches = await frozen(aBatch(5), { maxLaunchSize: 2 });

    expect(launches.map(({ members }) => members.length)).toEqual([2, 2, 1]);
  });

  it.each<[string, Partial<LaunchRequest>]>([
    ['project', { projectId: 'another' }],
    ['user data', { userData: 'aGk=' }],
    ['key', { keyPair: { name: 'k', publicKey: KEY } }],
    ['root disk', { flavor: aFlavor({ rootGb: 99 }) }],
  ])('keeps requests apart that differ in %s', async (_, changes) => {
    expect(await frozen([aRequest(), aRequest(changes)])).toHaveLength(2);
  });

  it('never shares a launch with a fixed address', async () => {
    const networks = [{ networkId: null, portId: null, fixedIp: '172.31.0.9' }];

    expect(await frozen(aBatch(2, { networks }))).toHaveLength(2);
  });

  it('refuses an offering that is not of this provider', () => {
    const { provider } = aBench();

    expect(() => provider.freeze([aRequest()], { key: 'x', zone: 'a', parameters: {} }, 1)).toThrow('not one of this provider');
  });
});
