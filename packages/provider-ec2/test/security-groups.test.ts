import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import { aBench, aRequest, type Bench } from './builders.js';

const VPC = defaultRegion.subnets[0]?.vpcId ?? '';
const GROUPS = [
  { groupId: 'sg-0000000000000000a', name: 'p1-web', vpcId: VPC },
  { groupId: 'sg-0000000000000000b', name: 'p2-web', vpcId: VPC },
  { groupId: 'sg-0000000000000000c', name: 'p1-db', vpcId: 'vpc-elsewhere' },
  { groupId: 'sg-0000000000000000d', name: 'p1-default', vpcId: VPC },
];
const securityGroupNames = '{project_id}-{name}';

function aGroupBench(changes: Parameters<typeof aBench>[0] = {}, securityGroups = GROUPS): Bench {
  return aBench({ securityGroupNames, ...changes }, { region: { securityGroups } });
}

async function groupsOf({ provider }: Bench, changes: Partial<LaunchRequest>): Promise<readonly string[]> {
  const request = aRequest({ projectId: 'p1', ...changes });
  const [offering] = await provider.offerings(request);
  const [launch] = offering ? provider.freeze([request], offering, 1) : [];
  return ((launch?.parameters.run ?? {}) as { securityGroupIds?: readonly string[] }).securityGroupIds ?? [];
}

describe('security groups by name', () => {
  it('are those of the project', async () => {
    expect(await groupsOf(aGroupBench(), { securityGroups: ['web'] })).toEqual(['sg-0000000000000000a']);
    expect(await groupsOf(aGroupBench(), { securityGroups: ['web'], projectId: 'p2' })).toEqual(['sg-0000000000000000b']);
  });

  it('come on top of those that everyone gets, and give way to the map', async () => {
    const bench = aGroupBench({ securityGroupIds: ['sg-1'], securityGroupMap: { web: ['sg-2'] } });

    expect(await groupsOf(bench, { securityGroups: ['web', 'default'] })).toEqual(['sg-1', 'sg-2', 'sg-0000000000000000d']);
    expect(bench.fake.counts().byAction.DescribeSecurityGroups).toBe(1);
  });

  it('are refused when EC2 has none of that name, but for the default', async () => {
    expect(await groupsOf(aGroupBench(), { securityGroups: ['default'], projectId: 'p2' })).toEqual([]);
    await expect(groupsOf(aGroupBench(), { securityGroups: ['nosuch'] })).rejects.toMatchObject({
      kind: 'not-found',
      subject: 'security-group',
      faultCode: 404,
      userMessage: expect.stringContaining('Security group nosuch'),
    });
  });

  it('must be in the VPC of the subnet', async () => {
    const bench = aGroupBench();
    await expect(groupsOf(bench, { securityGroups: ['db'] })).rejects.toMatchObject({ kind: 'capacity' });

    const explanation = await bench.provider.explain?.(aRequest({ projectId: 'p1', securityGroups: ['db'] }));
    expect(explanation?.candidates[0]?.reason).toBe('its VPC has no security group p1-db');
  });

  it('are asked for once a minute', async () => {
    const bench = aGroupBench();
    await groupsOf(bench, { securityGroups: ['web'] });
    await groupsOf(bench, { securityGroups: ['web'] });

    expect(bench.fake.counts().byAction.DescribeSecurityGroups).toBe(1);
  });

  it('keep requests of different groups off one offering', async () => {
    const { provider } = aGroupBench();
    const keyOf = async (projectId: string) =>
      (await provider.offerings(aRequest({ projectId, securityGroups: ['web'] })))[0]?.key;

    expect(await keyOf('p1')).not.toBe(await keyOf('p2'));
  });

  it('are never asked for where the operator gives no names', async () => {
    const bench = aBench();
    await groupsOf(bench, { securityGroups: ['web'] });

    expect(bench.fake.counts().byAction).not.toHaveProperty('DescribeSecurityGroups');
  });
});
