import type { ReadSecurityGroups, SecurityGroup, SecurityGroupSync } from '@burstcell/provider';
import type { Foundation } from '../context.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import { GROUP_GRACE_MS } from '../timings.js';
import type { FollowedGroups, FollowedVpc } from './followed-groups.js';
import { followedIdOf } from './group-tags.js';

interface SyncedVpc extends FollowedVpc {
  /** The cell's groups there, by what they follow. */
  readonly here: ReadonlyMap<string, Ec2SecurityGroup>;
}

type Outcome = 'same' | 'changed' | 'deleted';

/** Brings EC2's groups along when the network service's change. */
export class GroupSync {
  /** When a group was first seen without its counterpart above. A new process begins anew: late rather than wrong. */
  readonly #goneSince = new Map<string, number>();

  constructor(
    private readonly parts: Foundation,
    private readonly followed: FollowedGroups,
  ) {}

  /** See `syncSecurityGroups` of the contract. */
  async run(read: ReadSecurityGroups, signal?: AbortSignal): Promise<SecurityGroupSync> {
    const own = await this.followed.own.all(signal);
    if (own.length === 0) return { groups: 0, changed: 0, deleted: 0, failed: 0 };
    const wishes = new Map((await read([...new Set(own.map(followedIdOf))])).map((group) => [group.id, group]));
    const vpcs = syncedVpcs(own, await this.followed.vpcs(signal));
    const outcomes: (Outcome | 'failed')[] = [];
    for (const group of own) {
      signal?.throwIfAborted();
      const vpc = vpcs.get(group.vpcId);
      if (vpc !== undefined) outcomes.push(await this.#follow(vpc, group, wishes.get(followedIdOf(group))));
    }
    const count = (outcome: Outcome | 'failed') => outcomes.filter((each) => each === outcome).length;
    return { groups: own.length, changed: count('changed'), deleted: count('deleted'), failed: count('failed') };
  }

  async #follow(vpc: SyncedVpc, group: Ec2SecurityGroup, wished: SecurityGroup | undefined): Promise<Outcome | 'failed'> {
    try {
      if (wished === undefined) return await this.#gone(group);
      this.#goneSince.delete(group.groupId);
      const isChanged = await this.followed.inLine(vpc.vpcId, () => this.followed.bring(vpc, wished, vpc.here));
      if (isChanged)
        this.parts.log.info('brought a security group to its rules', { securityGroup: wished.id, groupId: group.groupId });
      return isChanged ? 'changed' : 'same';
    } catch (error) {
      const facts = { securityGroup: followedIdOf(group), groupId: group.groupId, error };
      this.parts.log.warn('a security group could not be brought along; it is tried again with the next pass', facts);
      return 'failed';
    }
  }

  /** Its rules stay as they are for as long as something has it. */
  async #gone(group: Ec2SecurityGroup): Promise<Outcome> {
    const { clock, log } = this.parts;
    const { groupId } = group;
    const since = this.#goneSince.get(groupId) ?? clock.now();
    this.#goneSince.set(groupId, since);
    if (clock.now() - since < GROUP_GRACE_MS || !(await this.#delete(groupId))) return 'same';
    this.#goneSince.delete(groupId);
    this.followed.forget([groupId]);
    log.info('deleted a security group that is gone above', { securityGroup: followedIdOf(group), groupId });
    return 'deleted';
  }

  /** False while something uses it. One that is gone already is no error. */
  async #delete(groupId: string): Promise<boolean> {
    try {
      const run = { action: 'DeleteSecurityGroup' } as const;
      await this.parts.calls.once({ ...run, run: (api, options) => api.deleteSecurityGroup(groupId, options) });
    } catch (error) {
      const code = ec2Cause(error)?.code;
      if (code === 'DependencyViolation') return false;
      if (code !== 'InvalidGroup.NotFound') throw error;
    }
    return true;
  }
}

/** Of a VPC that the cell has left nothing is known but that its servers there live on: as if they might have IPv6. */
function syncedVpcs(own: readonly Ec2SecurityGroup[], vpcs: readonly FollowedVpc[]): ReadonlyMap<string, SyncedVpc> {
  const ids = [...new Set(own.map(({ vpcId }) => vpcId))];
  return new Map(
    ids.map((vpcId) => {
      const here = own.filter((group) => group.vpcId === vpcId).map((group) => [followedIdOf(group), group] as const);
      const known = vpcs.find((vpc) => vpc.vpcId === vpcId) ?? { vpcId, hasIpv6: true };
      return [vpcId, { ...known, here: new Map(here) }];
    }),
  );
}
