import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../../src/fake/index.js';
import { aFake, aLaunch, launched, launchedOne } from './builders.js';

describe('FakeEc2: launches', () => {
  it('gives each machine its own id, address and launch index', async () => {
    const { ec2 } = aFake();

    const machines = await ec2.runInstances(aLaunch({ minCount: 3, maxCount: 3, availabilityZone: 'us-east-1b' }));

    expect(machines.map(({ launchIndex }) => launchIndex)).toEqual([0, 1, 2]);
    expect(new Set(machines.map(({ instanceId }) => instanceId)).size).toBe(3);
    expect(machines.map(({ privateIpAddress }) => privateIpAddress)).toEqual(['172.31.16.4', '172.31.16.5', '172.31.16.6']);
    expect(machines[0]).toMatchObject({
      state: 'pending',
      availabilityZone: 'us-east-1b',
      tags: { Name: 'web' },
      clientToken: 'token-1',
    });
    expect(machines[0]?.interfaces[0]?.mac).toMatch(/^02:42(:[0-9a-f]{2}){4}$/);
  });

  it('launches as many as fit between minCount and maxCount', async () => {
    const { ec2 } = aFake();
    ec2.setRoom({ zone: 'us-east-1a' }, 3);

    expect(await launched(ec2, { minCount: 2, maxCount: 5, availabilityZone: 'us-east-1a' })).toHaveLength(3);
  });

  it('launches none when fewer than minCount fit', async () => {
    const { ec2 } = aFake();
    ec2.setRoom({ zone: 'us-east-1a', instanceType: 't3.micro' }, 3);

    await expect(launched(ec2, { minCount: 4, maxCount: 5, availabilityZone: 'us-east-1a' })).rejects.toMatchObject({
      code: 'InsufficientInstanceCapacity',
      httpStatus: 500,
    });
    expect(await launched(ec2, { minCount: 3, maxCount: 3, availabilityZone: 'us-east-1a' })).toHaveLength(3);
  });

  it('chooses a zone with room when none is asked for', async () => {
    const { ec2 } = aFake();
    ec2.setRoom({ zone: 'us-east-1a' }, 0);

    expect(await ec2.runInstances(aLaunch())).toMatchObject([{ availabilityZone: 'us-east-1b' }]);
  });

  it.each([
    ['an unknown image', { imageId: 'ami-00000000' }, 'InvalidAMIID.NotFound'],
    ['a malformed image id', { imageId: 'debian' }, 'InvalidAMIID.Malformed'],
    ['an unknown instance type', { instanceType: 'm1.tiny' }, 'InvalidParameterValue'],
    ['an image of another architecture', { instanceType: 't4g.micro' }, 'InvalidParameterValue'],
    ['a type the zone lacks', { instanceType: 'g4dn.xlarge', availabilityZone: 'us-east-1c' }, 'Unsupported'],
    ['an unknown key pair', { keyName: 'nobody' }, 'InvalidKeyPair.NotFound'],
    ['an unknown security group', { securityGroupIds: ['sg-0'] }, 'InvalidGroup.NotFound'],
    ['an unknown subnet', { subnetId: 'subnet-0' }, 'InvalidSubnetID.NotFound'],
    [
      'a zone that is not the subnet’s',
      { subnetId: defaultRegion.subnets[0]?.subnetId ?? '', availabilityZone: 'us-east-1b' },
      'InvalidParameterValue',
    ],
    ['user data above 16 KiB', { userData: Buffer.alloc(16_385).toString('base64') }, 'InvalidUserData.Malformed'],
    ['user data that is not base64', { userData: '#!/bin/sh' }, 'InvalidUserData.Malformed'],
    ['a root volume smaller than the image', { rootDevice: { deviceName: '/dev/xvda', sizeGb: 4 } }, 'InvalidBlockDeviceMapping'],
    ['a reserved tag', { tags: { 'aws:cell': 'x' } }, 'InvalidParameterValue'],
    ['more than 50 tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ''])) }, 'TagLimitExceeded'],
    ['a client token above 64 characters', { clientToken: 'x'.repeat(65) }, 'InvalidParameterValue'],
    ['a maxCount below minCount', { minCount: 2, maxCount: 1 }, 'InvalidParameterValue'],
  ])('refuses %s', async (_, changes, code) => {
    const { ec2 } = aFake();

    await expect(ec2.runInstances(aLaunch(changes))).rejects.toMatchObject({ code, httpStatus: 400 });

    expect(ec2.snapshot().instances).toEqual([]);
  });

  it('runs dry of addresses, and has them again when machines end', async () => {
    const subnet = {
      subnetId: 'subnet-1',
      vpcId: 'vpc-1',
      zone: 'us-east-1a',
      cidr: '10.0.0.0/28',
      freeAddresses: 2,
      name: null,
    };
    const { ec2, clock } = aFake({ region: { subnets: [subnet] } });
    const [first = ''] = await launched(ec2, { minCount: 2, maxCount: 2 });

    await expect(launched(ec2, { clientToken: 'b' })).rejects.toMatchObject({ code: 'InsufficientFreeAddressesInSubnet' });
    expect(await ec2.describeSubnets({})).toMatchObject([{ freeAddresses: 0 }]);

    await ec2.terminateInstances([first]);
    clock.advance(1000);
    expect(await launched(ec2, { clientToken: 'c' })).toHaveLength(1);
  });

  it('gives the private address asked for, once', async () => {
    const { ec2 } = aFake();

    const [machine] = await ec2.runInstances(aLaunch({ privateIpAddress: '172.31.0.77' }));

    expect(machine?.privateIpAddress).toBe('172.31.0.77');
    await expect(
      launched(ec2, { clientToken: 'b', privateIpAddress: '172.31.0.77', availabilityZone: 'us-east-1a' }),
    ).rejects.toMatchObject({ code: 'InvalidIPAddress.InUse' });
  });

  it('frees room when a machine stops, and needs it again to start', async () => {
    const { ec2, clock } = aFake();
    ec2.setRoom({ zone: 'us-east-1a' }, 1);
    const id = await launchedOne(ec2, { availabilityZone: 'us-east-1a' });
    clock.advance(1000);
    await ec2.stopInstances([id]);
    clock.advance(1000);

    await launchedOne(ec2, { clientToken: 'b', availabilityZone: 'us-east-1a' });

    await expect(ec2.startInstances([id])).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });
  });

  it('holds launches to the vCPU quota of their market and family', async () => {
    const { ec2 } = aFake();
    ec2.setQuota({}, 4);
    ec2.setQuota({ market: 'spot' }, 2);
    await launched(ec2, { minCount: 2, maxCount: 2 });

    await expect(launched(ec2, { clientToken: 'b' })).rejects.toMatchObject({ code: 'VcpuLimitExceeded' });
    await launched(ec2, { clientToken: 'c', market: 'spot' });
    await expect(launched(ec2, { clientToken: 'd', market: 'spot' })).rejects.toMatchObject({
      code: 'MaxSpotInstanceCountExceeded',
    });
    expect(await launched(ec2, { clientToken: 'e', instanceType: 'g4dn.xlarge' })).toHaveLength(1);
  });
});
