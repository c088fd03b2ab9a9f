import { describe, expect, it } from '@jest/globals';
import type { Ec2Instance } from '../src/ports/ec2-api.js';
import { toProviderInstance } from '../src/watching/observed.js';

const instance: Ec2Instance = {
  instanceId: 'i-1',
  state: 'shutting-down',
  stateReason: 'Client.UserInitiatedShutdown: User initiated shutdown',
  instanceType: 'm5.large',
  availabilityZone: 'us-east-1a',
  launchTime: '2026-01-01T00:00:00.000Z',
  launchIndex: 0,
  clientToken: 'token',
  rootDeviceName: '/dev/xvda',
  interfaces: [
    {
      id: 'eni-1',
      mac: '02:00:00:00:00:01',
      subnetId: 'subnet-1',
      privateAddresses: [{ address: '10.0.0.4', publicAddress: '198.51.100.7' }, { address: '10.0.0.5' }],
      ipv6Addresses: ['2001:db8::4'],
    },
  ],
  tags: { 'burstcell:uuid': 'uuid-1' },
};
const subnet = { subnetId: 'subnet-1', vpcId: 'vpc-1', zone: 'us-east-1a', cidr: '10.0.0.0/24', freeAddresses: 9, name: null };

describe('an instance of EC2', () => {
  it("is told in the contract's words", () => {
    expect(toProviderInstance(instance, { networkLabel: 'burst', subnet: () => subnet })).toEqual({
      providerId: 'i-1',
      state: 'terminating',
      zone: 'us-east-1a',
      launchedAt: '2026-01-01T00:00:00.000Z',
      nics: [
        {
          id: 'eni-1',
          mac: '02:00:00:00:00:01',
          networkId: 'subnet-1',
          networkLabel: 'burst',
          cidr: '10.0.0.0/24',
          addresses: [
            { address: '10.0.0.4', version: 4, type: 'fixed' },
            { address: '10.0.0.5', version: 4, type: 'fixed' },
            { address: '2001:db8::4', version: 6, type: 'fixed' },
            { address: '198.51.100.7', version: 4, type: 'floating' },
          ],
        },
      ],
      rootDeviceName: '/dev/xvda',
      size: instance.instanceType,
      reason: 'Client.UserInitiatedShutdown: User initiated shutdown',
      uuid: 'uuid-1',
      launchToken: 'token',
    });
  });

  it('has an unknown address range while its subnet is unknown', () => {
    expect(toProviderInstance(instance, { networkLabel: 'burst', subnet: () => undefined }).nics[0]?.cidr).toBeNull();
  });
});
