import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { LaunchRequest } from '../../launch.js';
import type { SecurityGroup, SecurityGroupRule } from '../../security-groups.js';
import { answeredOrRepeatable, type Bed, refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';

/** A rule of everybody's, of TCP. */
function aRule(changes: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    ...{ direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', portMin: 22, portMax: 22 },
    ...{ remoteCidr: '203.0.113.0/24', remoteGroupId: null, remoteAddressGroupId: null, description: null },
    ...changes,
  };
}

function aGroup(rules: readonly SecurityGroupRule[] = [aRule()]): SecurityGroup {
  return { id: randomUUID(), name: 'web', rules };
}

function asking(bed: Bed, groups: readonly SecurityGroup[]): LaunchRequest {
  return bed.aRequest({ securityGroups: groups.map(({ id }) => id), securityGroupRules: groups });
}

/** What rules are at a vendor is each vendor's own; here is looked at what any has to keep. */
export function securityGroupsSuite(suite: Suite): void {
  suite.ability('securityGroups', ['prepareSecurityGroups', 'syncSecurityGroups'], (test) => {
    test('lets a request be launched whose groups were prepared, however often', {}, async (bed) => {
      const request = asking(bed, [aGroup(), aGroup([])]);
      await bed.can.prepareSecurityGroups(request);
      await bed.can.prepareSecurityGroups(request);

      const { machine } = await bed.launchRunning(request);

      expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
    });

    test('says not-found for a group that the network service does not have', {}, async (bed) => {
      const request = bed.aRequest({ securityGroups: ['nosuch'], securityGroupRules: [] });

      expect(await refusalOf(bed.can.prepareSecurityGroups(request))).toBe('not-found');
    });

    test('reads the groups that were prepared, once each, and none of other cells', { needs: ['strangers'] }, async (bed) => {
      const [own, other] = [aGroup(), aGroup()];
      await bed.can.prepareSecurityGroups(asking(bed, [own]));
      await (await bed.stranger()).prepareSecurityGroups?.(asking(bed, [other]));

      const asked: string[] = [];
      const came = await bed.can.syncSecurityGroups(async (ids) => {
        asked.push(...ids);
        return [own].filter(({ id }) => ids.includes(id));
      });

      expect(asked).toEqual([own.id]);
      expect(came).toEqual({ groups: 1, changed: 0, deleted: 0, failed: 0 });
    });

    test('brings a group to other rules once, whoever prepared it', { needs: ['replicas'] }, async (bed) => {
      const group = aGroup();
      const changed = { ...group, rules: [aRule({ portMin: 443, portMax: 443 }), aRule({ direction: 'egress' })] };
      await (await bed.replica()).prepareSecurityGroups?.(asking(bed, [group]));

      expect(await bed.can.syncSecurityGroups(async () => [changed])).toMatchObject({ changed: 1, failed: 0 });
      expect(await bed.can.syncSecurityGroups(async () => [changed])).toMatchObject({ changed: 0, failed: 0 });
    });

    test('changes nothing when the groups cannot be read', {}, async (bed) => {
      const group = aGroup();
      await bed.can.prepareSecurityGroups(asking(bed, [group]));

      await expect(bed.can.syncSecurityGroups(() => Promise.reject(new Error('away')))).rejects.toBeDefined();

      expect(await bed.can.syncSecurityGroups(async () => [group])).toMatchObject({ groups: 1, changed: 0 });
    });

    test('makes a group once when the reply is lost and a replica repeats it', { needs: ['faults', 'replicas'] }, async (bed) => {
      const request = asking(bed, [aGroup()]);
      await bed.fault({ on: 'prepareSecurityGroups', when: 'after', error: 'connection-reset' });
      await answeredOrRepeatable(bed.can.prepareSecurityGroups(request));

      await (await bed.replica()).prepareSecurityGroups?.(request);

      expect(await bed.can.syncSecurityGroups(async () => request.securityGroupRules ?? [])).toMatchObject({ groups: 1 });
    });

    test('says unauthorized when the vendor does', { needs: ['faults'] }, async (bed) => {
      await bed.fault({ on: 'prepareSecurityGroups', when: 'before', error: 'unauthorized' });

      expect(await refusalOf(bed.can.prepareSecurityGroups(asking(bed, [aGroup()])))).toBe('unauthorized');
    });
  });
}
