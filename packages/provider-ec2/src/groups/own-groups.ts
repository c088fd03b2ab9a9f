import { ProviderError } from '@burstcell/provider';
import type { Foundation } from '../context.js';
import { isOwned } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import { FILTER_MAX_VALUES } from '../timings.js';
import { notYetKnown } from './bring-rules.js';
import { followedIdOf, groupInput, ownGroupsFilter } from './group-tags.js';

type Filters = Readonly<Record<string, readonly string[]>>;

/** The security groups at EC2 that this cell made, known by their tags and never by name alone. */
export class OwnGroups {
  constructor(private readonly parts: Foundation) {}

  /** All of them, in any VPC. Changes nothing. */
  all(signal?: AbortSignal): Promise<readonly Ec2SecurityGroup[]> {
    return this.#find(ownGroupsFilter(this.parts.config), signal);
  }

  /** Those that follow these. Changes nothing. */
  async of(ids: readonly string[], signal?: AbortSignal): Promise<readonly Ec2SecurityGroup[]> {
    const found: Ec2SecurityGroup[] = [];
    for (let at = 0; at < ids.length; at += FILTER_MAX_VALUES) {
      const some = ids.slice(at, at + FILTER_MAX_VALUES);
      found.push(...(await this.#find(ownGroupsFilter(this.parts.config, some), signal)));
    }
    return found;
  }

  /**
   * The counterparts of these groups in a VPC, by their ids; what is missing is made, with the rule that EC2 gives each new
   * group. If we die in between, or the answer is lost, the next call finds it. Throws `unavailable` while EC2 does not show
   * what was made, `conflict` when somebody else's group has the name.
   */
  async ensure(vpcId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Ec2SecurityGroup>> {
    const before = await this.#inVpc(vpcId, ids);
    const missing = ids.filter((id) => !before.has(id));
    if (missing.length === 0) return before;
    for (const id of missing) await this.#make(vpcId, id);
    const after = await this.#inVpc(vpcId, ids);
    if (ids.some((id) => !after.has(id))) throw notYetKnown();
    return after;
  }

  async #inVpc(vpcId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Ec2SecurityGroup>> {
    const found = (await this.of(ids)).filter((group) => group.vpcId === vpcId);
    return new Map(found.map((group) => [followedIdOf(group), group]));
  }

  async #make(vpcId: string, id: string): Promise<void> {
    const { calls, config, log } = this.parts;
    const input = groupInput(config, vpcId, id);
    try {
      const run = { action: 'CreateSecurityGroup' } as const;
      const { groupId } = await calls.once({ ...run, run: (api, options) => api.createSecurityGroup(input, options) });
      log.info('made a security group at EC2', { securityGroup: id, groupId, vpcId });
    } catch (error) {
      if (ec2Cause(error)?.code !== 'InvalidGroup.Duplicate') throw error;
      await this.#checkOurs(vpcId, input.name);
    }
  }

  /** A replica was first, or an earlier answer was lost: else it is somebody else's, and is left alone. */
  async #checkOurs(vpcId: string, name: string): Promise<void> {
    const named = await this.#find({ 'group-name': [name], 'vpc-id': [vpcId] });
    const foreign = named.find(({ tags = {} }) => !isOwned(this.parts.config, tags));
    if (foreign === undefined) return;
    throw new ProviderError(
      'conflict',
      `EC2's group ${foreign.groupId} (${name}) lacks the tags of this cell: delete or rename it`,
      {
        subject: 'security-group',
        userMessage: 'A security group of this cloud is in the way of yours; tell your cloud operator.',
      },
    );
  }

  #find(filters: Filters, signal?: AbortSignal): Promise<readonly Ec2SecurityGroup[]> {
    const run = { action: 'DescribeSecurityGroups', signal } as const;
    return this.parts.calls.read({ ...run, run: (api, options) => api.describeSecurityGroups({ filters }, options) });
  }
}
