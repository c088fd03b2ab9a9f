import type { LaunchRequest, SecurityGroup } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { FollowedVpc } from './followed-groups.js';
import { followedIn, isFollowing, mappedTo } from './group-choice.js';
import { toEc2Rules } from './group-rules.js';
import { followedIdOf } from './group-tags.js';

/** Which of EC2's groups a boot would get, and what of their rules EC2 cannot express, a sentence each. Changes nothing. */
export async function groupNotes(ec2: Ec2Context, request: LaunchRequest, signal?: AbortSignal): Promise<readonly string[]> {
  if (!isFollowing(request)) return [];
  const followed = followedIn(request, ec2.config);
  const vpcs = await ec2.followed.vpcs(signal);
  const own = await ec2.followed.own.of(
    followed.map(({ id }) => id),
    signal,
  );
  return [
    ...request.securityGroups.flatMap((asked) => {
      const ids = mappedTo(request, asked, ec2.config);
      return ids === undefined ? [] : [`Security group ${asked} is ${ids.join(', ')} (security_group_map).`];
    }),
    ...followed.flatMap((group) => vpcs.map(({ vpcId }) => whereIs(group, vpcId, own))),
    ...followed.flatMap((group) => leftOut(group, vpcs)),
  ];
}

type Own = Awaited<ReturnType<Ec2Context['followed']['own']['of']>>;

function whereIs({ id, name }: SecurityGroup, vpcId: string, own: Own): string {
  const found = own.find((group) => group.vpcId === vpcId && followedIdOf(group) === id);
  const what = found === undefined ? 'is made by the first boot' : `is ${found.groupId}`;
  return `Security group ${name} (${id}) ${what} in ${vpcId} and follows the network service.`;
}

function leftOut({ name, rules }: SecurityGroup, vpcs: readonly FollowedVpc[]): readonly string[] {
  const all = vpcs.flatMap(({ hasIpv6 }) => toEc2Rules(rules, { hasIpv6, groupIdOf: (id) => id }).leftOut);
  return [...new Set(all)].map((why) => `Security group ${name}: a rule is left out, so servers are closed to it: ${why}.`);
}
