import { describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2, startFakeServer } from '../../src/fake/index.js';
import { aSdkApi } from '../conformance/fake-setup.js';
import { aFake, aLaunch, launched } from './builders.js';

const [first, other] = defaultRegion.subnets.map(({ subnetId }) => subnetId);
const subnetId = first ?? '';

describe('FakeEc2: interfaces of a launch', () => {
  it.each([
    ['a subnet beside them', { subnetId, interfaces: [{ subnetId }] }, 'InvalidParameterCombination'],
    [
      'a public address on one of several',
      { interfaces: [{ subnetId, associatePublicIp: true }, { subnetId }] },
      'InvalidParameterCombination',
    ],
    ['more of them than the type has', { interfaces: [1, 2, 3, 4].map(() => ({ subnetId })) }, 'AttachmentLimitExceeded'],
    ['two zones', { interfaces: [{ subnetId }, { subnetId: other ?? '' }] }, 'InvalidParameterValue'],
    ['an unknown group', { interfaces: [{ subnetId, securityGroupIds: ['sg-0'] }] }, 'InvalidGroup.NotFound'],
  ])('are refused with %s', async (_, changes, code) => {
    await expect(launched(aFake().ec2, changes)).rejects.toMatchObject({ code });
  });

  it('take an address each, and none when one of them finds none', async () => {
    const { ec2 } = aFake();
    const taken = '172.31.0.77';
    const free = async () => (await ec2.describeSubnets({ ids: [subnetId] }))[0]?.freeAddresses ?? 0;
    const before = await free();
    const interfaces = [{ subnetId }, { subnetId, privateIpAddress: taken }];
    const [machine] = await ec2.runInstances(aLaunch({ interfaces }));

    expect(machine?.interfaces.map(({ privateAddresses }) => privateAddresses[0]?.address)).toEqual(['172.31.0.4', taken]);
    expect(await free()).toBe(before - 2);

    await expect(launched(ec2, { clientToken: 'token-2', interfaces })).rejects.toMatchObject({ code: 'InvalidIPAddress.InUse' });
    expect(await free()).toBe(before - 2);
  });

  it('come and go over HTTP as the SDK sends them, in their order', async () => {
    const fake = new FakeEc2();
    const server = await startFakeServer({ fake });
    const api = aSdkApi(server.url);
    const launch = aLaunch({ interfaces: [{ subnetId, privateIpAddress: '172.31.0.99' }, { subnetId }] });

    const [machine] = await api.runInstances(launch);
    const [again] = (await api.describeInstances({ ids: [machine?.instanceId ?? ''] })).instances;

    expect(again?.interfaces.map(({ privateAddresses }) => privateAddresses[0]?.address)).toEqual(['172.31.0.99', '172.31.0.4']);
    expect((await api.runInstances(launch))[0]?.instanceId).toBe(machine?.instanceId);
    api.close();
    await server.close();
    fake.reset();
  });

  it('of which there is one may be told whether to have a public address', async () => {
    const { ec2, clock } = aFake();
    const publicOf = async (associatePublicIp: boolean) => {
      const interfaces = [{ subnetId, associatePublicIp }];
      const [id = ''] = await launched(ec2, { clientToken: `public ${associatePublicIp}`, interfaces });
      clock.advance(2000);
      return (await ec2.describeInstances({ ids: [id] })).instances[0]?.publicIpAddress;
    };

    expect(await publicOf(false)).toBeUndefined();
    expect(await publicOf(true)).toMatch(/^198\.18\./);
  });
});
