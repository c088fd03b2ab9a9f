import { createHash } from 'node:crypto';
import { type LaunchRequest, ProviderError, type SecurityGroup } from '@burstcell/provider';
import { abortable } from '../clock.js';
import type { Foundation } from '../context.js';
import type { Subnets } from '../planning/subnets.js';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import { bringRules, notYetKnown } from './bring-rules.js';
import { followedIn } from './group-choice.js';
import { type Ec2Rules, toEc2Rules } from './group-rules.js';
import { OwnGroups } from './own-groups.js';

/** A VPC that servers of this cell may lie in. */
export interface FollowedVpc {
  readonly vpcId: string;
  /** Whether any of the cell's subnets there has IPv6 addresses. */
  readonly hasIpv6: boolean;
}

interface Known extends Ec2SecurityGroup {
  /** Of the rules that it was brought to. */
  readonly digest: string;
}

/**
 * nova's security groups whose rules the network service keeps: one of EC2's for each in each VPC. What this process has
 * brought to its rules is remembered, so that a burst of builds asks EC2 once; the sync sees to what changes at EC2.
 */
export class FollowedGroups {
  readonly own: OwnGroups;
  readonly #known = new Map<string, Known>();
  /** One at a time in a VPC: builds of one burst want the same groups. */
  readonly #lines = new Map<string, Promise<unknown>>();

  constructor(
    private readonly parts: Foundation,
    private readonly subnets: Subnets,
  ) {
    this.own = new OwnGroups(parts);
  }

  /** See `prepareSecurityGroups` of the contract. */
  async prepare(request: LaunchRequest, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const groups = followedIn(request, this.parts.config);
    if (groups.length === 0) return;
    for (const vpc of await this.vpcs(signal)) {
      if (this.#isReady(vpc, groups)) continue;
      const work = this.inLine(vpc.vpcId, async () => {
        if (!this.#isReady(vpc, groups)) await this.#prepareIn(vpc, groups);
      });
      await abortable(work, signal);
    }
  }

  /** EC2's counterparts of a request's groups, of every VPC. Throws `unavailable` for those that were not prepared. Asks nobody. */
  of(request: LaunchRequest): readonly Ec2SecurityGroup[] {
    return followedIn(request, this.parts.config).flatMap(({ id, name }) => {
      const here = [...this.#known.entries()].filter(([key]) => key.endsWith(`/${id}`));
      if (here.length === 0) throw notPrepared(name);
      return here.map(([, { groupId, vpcId }]) => ({ groupId, vpcId, name: `${name} (${id})` }));
    });
  }

  /** Somebody deleted them at EC2: the next {@link prepare} makes them again. */
  forget(groupIds: readonly string[]): void {
    for (const [key, { groupId }] of this.#known) if (groupIds.includes(groupId)) this.#known.delete(key);
  }

  async vpcs(signal?: AbortSignal): Promise<readonly FollowedVpc[]> {
    const subnets = [...(await this.subnets.all(signal)), ...(await this.subnets.mapped(signal))];
    const ids = [...new Set(subnets.map(({ vpcId }) => vpcId))].sort();
    return ids.map((vpcId) => ({
      vpcId,
      hasIpv6: subnets.some((subnet) => subnet.vpcId === vpcId && subnet.hasIpv6 === true),
    }));
  }

  /** Runs when nothing else is done to groups of that VPC in this process; what was before it may have failed. */
  inLine<T>(vpcId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(vpcId) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#lines.set(vpcId, mine);
    // Whoever waits is told; the line goes on.
    mine.catch(() => undefined);
    return mine;
  }

  /**
   * Brings one group to its rules, making the groups that these name and that are not among those `here`, which follow what
   * is their key. Answers whether anything had to be changed.
   */
  async bring(vpc: FollowedVpc, wished: SecurityGroup, here: ReadonlyMap<string, Ec2SecurityGroup>): Promise<boolean> {
    const missing = [wished.id, ...remotesOf([wished])].filter((id) => !here.has(id));
    const made = missing.length === 0 ? [] : await this.own.ensure(vpc.vpcId, missing);
    return this.#bring(vpc, wished, new Map([...here, ...made]));
  }

  async #prepareIn(vpc: FollowedVpc, wishes: readonly SecurityGroup[]): Promise<void> {
    const ids = [...new Set([...wishes.map(({ id }) => id), ...remotesOf(wishes)])];
    const groups = await this.own.ensure(vpc.vpcId, ids);
    for (const wished of wishes) await this.#bring(vpc, wished, groups);
  }

  async #bring(vpc: FollowedVpc, wished: SecurityGroup, groups: ReadonlyMap<string, Ec2SecurityGroup>): Promise<boolean> {
    const { calls, log } = this.parts;
    const group = groups.get(wished.id);
    if (group === undefined) throw notYetKnown();
    const key = `${vpc.vpcId}/${wished.id}`;
    const groupIdOf = (id: string) => groups.get(id)?.groupId ?? '';
    const rules = toEc2Rules(wished.rules, { groupIdOf, hasIpv6: vpc.hasIpv6 });
    const digest = digestOf(vpc, wished);
    const before = this.#known.get(key);
    // What it is like in between is not known: until all is done, nobody may take it for ready.
    if (before !== undefined) this.#known.set(key, { ...before, digest: UNDER_WAY });
    const isChanged = await bringRules(calls, group, rules);
    this.#known.set(key, { ...group, digest });
    if (before?.digest !== digest || isChanged) logLeftOut(log, { group, wished, rules });
    return isChanged;
  }

  #isReady(vpc: FollowedVpc, groups: readonly SecurityGroup[]): boolean {
    return groups.every((group) => this.#known.get(`${vpc.vpcId}/${group.id}`)?.digest === digestOf(vpc, group));
  }
}

/** No rules have it. */
const UNDER_WAY = '';

/** Groups that rules name, each once. */
function remotesOf(groups: readonly SecurityGroup[]): readonly string[] {
  return [...new Set(groups.flatMap(({ rules }) => rules.flatMap(({ remoteGroupId }) => remoteGroupId ?? [])))];
}

function digestOf({ hasIpv6 }: FollowedVpc, { rules }: SecurityGroup): string {
  return createHash('sha256')
    .update(JSON.stringify([hasIpv6, rules]))
    .digest('base64');
}

function logLeftOut(
  log: Foundation['log'],
  { group, wished, rules }: { group: Ec2SecurityGroup; wished: SecurityGroup; rules: Ec2Rules },
): void {
  if (rules.leftOut.length === 0) return;
  const facts = { securityGroup: wished.id, name: wished.name, groupId: group.groupId, leftOut: rules.leftOut };
  log.warn('rules of a security group cannot be had at EC2 and are left out: servers are closed to what they allow', facts);
}

function notPrepared(name: string): ProviderError {
  return new ProviderError('unavailable', `security group ${name} is not prepared at EC2`, {
    subject: 'security-group',
    userMessage: `Security group ${name.slice(0, 60)} is still being made in the cloud; try again in a moment.`,
  });
}
