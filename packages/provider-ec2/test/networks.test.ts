import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import { aBench, aRequest, type Bench, launchOne } from './builders.js';

const ZONES = ['us-east-1a', 'us-east-1b'] as const;
type Network = LaunchRequest['networks'][number];

/** `front-a` … `back-b`: a subnet of each network in each of two zones; zone b has no `store`. */
const EXTRA = [
  ...ZONES.map((zone, at) => aSubnet(`subnet-0f00000000000000${at + 1}`, zone, `10.1.${at}.0/24`)),
  ...ZONES.map((zone, at) => aSubnet(`subnet-0b00000000000000${at + 1}`, zone, `10.2.${at}.0/24`)),
  aSubnet('subnet-0d000000000000001', 'us-east-1a', '10.3.0.0/24'),
];
const [FRONT_A = '', FRONT_B = '', BACK_A = '', BACK_B = '', STORE_A = ''] = EXTRA.map(({ subnetId }) => subnetId);
const networkMap = { front: [FRONT_A, FRONT_B], back: [BACK_A, BACK_B], store: [STORE_A] };

function aSubnet(subnetId: string, zone: string, cidr: string) {
  return { subnetId, vpcId: defaultRegion.subnets[0]?.vpcId ?? '', zone, cidr, freeAddresses: 200, name: null };
}

function aNetworkBench(changes: Parameters<typeof aBench>[0] = {}): Bench {
  return aBench({ networkMap, maxCandidates: 1, ...changes }, { region: { subnets: [...defaultRegion.subnets, ...EXTRA] } });
}

function networks(...wanted: readonly (string | readonly [id: string, fixedIp: string])[]): { networks: readonly Network[] } {
  return {
    networks: wanted.map((each) => {
      const [networkId, fixedIp] = typeof each === 'string' ? [each, null] : each;
      return { networkId, fixedIp, portId: null };
    }),
  };
}

async function subnetsOffered({ provider }: Bench, changes: Partial<LaunchRequest>): Promise<readonly unknown[]> {
  const offerings = await provider.offerings(aRequest(changes));
  return offerings.map(({ parameters }) => [parameters.subnetId, ...(parameters.moreSubnetIds as string[])]);
}

describe('networks that are mapped', () => {
  it('are subnets of each zone that has one', async () => {
    expect(await subnetsOffered(aNetworkBench(), networks('front'))).toEqual([[FRONT_A], [FRONT_B]]);
  });

  it('are one interface each, all in the zone of the first', async () => {
    expect(await subnetsOffered(aNetworkBench(), networks('front', 'back'))).toEqual([
      [FRONT_A, BACK_A],
      [FRONT_B, BACK_B],
    ]);
  });

  it('leave out a zone where one of them has no subnet', async () => {
    expect(await subnetsOffered(aNetworkBench(), networks('front', 'store'))).toEqual([[FRONT_A, STORE_A]]);
  });

  it('go by the fixed address of each', async () => {
    expect(await subnetsOffered(aNetworkBench(), networks('front', ['back', '10.2.1.9']))).toEqual([[FRONT_B, BACK_B]]);
  });

  it('refuse a fixed address that lies in none of their subnets', async () => {
    await expect(subnetsOffered(aNetworkBench(), networks(['front', '10.2.0.9']))).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'network',
      userMessage: expect.stringContaining('in no subnet of its network'),
    });
  });

  it('refuse networks that are not among them', async () => {
    await expect(subnetsOffered(aNetworkBench(), networks('other'))).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'network',
      userMessage: expect.stringContaining('Network other has no counterpart'),
    });
    await expect(subnetsOffered(aNetworkBench(), networks('constructor'))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('give a server without networks the subnet of its zone', async () => {
    const defaults = defaultRegion.subnets.map(({ subnetId }) => [subnetId]);

    expect(await subnetsOffered(aNetworkBench(), {})).toEqual(defaults);
  });

  it('leave out types with too few interfaces', async () => {
    const bench = aNetworkBench({ networkMap: { ...networkMap, more: [FRONT_A] } });
    const [best] = await bench.provider.offerings(aRequest(networks('front', 'back', 'store', 'more')));

    expect(best?.parameters.instanceType).toBe('t3.xlarge');
  });
});

describe('the shape of a cell with mapped networks', () => {
  it('counts the addresses of each subnet once', async () => {
    const { headroom } = await aNetworkBench({ networkMap: { ...networkMap, again: [FRONT_A] } }).provider.shape();
    const defaults = defaultRegion.subnets.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);

    expect(headroom.instances).toBe(defaults + EXTRA.length * 200);
  });
});

describe('a launch into several networks', () => {
  it('has an interface in each, with its address, and gives them back in the end', async () => {
    const bench = aNetworkBench({ securityGroupIds: ['sg-0a1b2c3d4e5f60001'] });
    const id = await launchOne(bench, aRequest(networks(['front', '10.1.0.50'], ['back', '10.2.0.60'])));

    const machine = (await bench.provider.describe([id])).get(id);
    expect(machine?.nics.map(({ addresses, cidr }) => [addresses[0]?.address, cidr])).toEqual([
      ['10.1.0.50', '10.1.0.0/24'],
      ['10.2.0.60', '10.2.0.0/24'],
    ]);
    expect(new Set(machine?.nics.map(({ mac }) => mac)).size).toBe(2);

    await bench.provider.terminate(id);
    bench.clock.advance(2000);
    const again = await launchOne(bench, aRequest(networks(['front', '10.1.0.50'], ['back', '10.2.0.60'])));
    expect(again).not.toBe(id);
  });

  it('names subnets, groups and addresses by interface, and nowhere else', async () => {
    const { provider } = aNetworkBench({ securityGroupIds: ['sg-1'] });
    const request = aRequest(networks(['front', '10.1.0.50'], 'back'));
    const [offering] = await provider.offerings(request);
    const [launch] = offering ? provider.freeze([request], offering, 1) : [];

    expect(launch?.parameters.run).toMatchObject({
      interfaces: [
        { subnetId: FRONT_A, securityGroupIds: ['sg-1'], privateIpAddress: '10.1.0.50' },
        { subnetId: BACK_A, securityGroupIds: ['sg-1'] },
      ],
    });
    for (const name of ['subnetId', 'securityGroupIds', 'privateIpAddress']) {
      expect(launch?.parameters.run).not.toHaveProperty(name);
    }
  });

  it('is never frozen together with one into other networks', async () => {
    const { provider } = aNetworkBench();
    const keyOf = async (...names: readonly string[]) => (await provider.offerings(aRequest(networks(...names))))[0]?.key;

    expect(await keyOf('front', 'back')).not.toBe(await keyOf('front', 'store'));
  });

  it('is launched alone when any of its addresses is fixed', async () => {
    const { provider } = aNetworkBench();
    const requests = [0, 1].map(() => aRequest(networks('front', ['back', '10.2.0.60'])));
    const [offering] = await provider.offerings(requests[0] ?? aRequest());

    expect(offering ? provider.freeze(requests, offering, 1) : []).toHaveLength(2);
  });
});

describe('public addresses', () => {
  it.each([
    ['subnet', undefined],
    ['always', [{ associatePublicIp: true }]],
    ['never', [{ associatePublicIp: false }]],
  ] as const)('are a matter of policy: %s', async (publicAddress, interfaces) => {
    const { provider } = aBench({ publicAddress });
    const [offering] = await provider.offerings(aRequest());
    const [launch] = offering ? provider.freeze([aRequest()], offering, 1) : [];

    const run = launch?.parameters.run;
    if (interfaces === undefined) expect(run).not.toHaveProperty('interfaces');
    else expect(run).toMatchObject({ interfaces });
  });

  it('are not had by servers of a cell that wants none', async () => {
    const bench = aBench({ publicAddress: 'never' });
    const id = await launchOne(bench);
    bench.clock.advance(2000);

    const addresses = (await bench.provider.describe([id])).get(id)?.nics.flatMap((nic) => nic.addresses) ?? [];
    expect(addresses.map(({ type }) => type)).toEqual(['fixed']);
  });
});
