import { type LaunchRequest, ProviderError, type SecurityGroup } from '@burstcell/provider';
import { lookup } from '../planning/lookup.js';

export interface MapSettings {
  readonly securityGroupMap: Readonly<Record<string, readonly string[]>>;
}

/** What a group of a request is called: as the parent sent it, and as the network service has it. */
function namesOf({ securityGroupRules = [] }: LaunchRequest, asked: string): readonly string[] {
  const known = securityGroupRules.filter(({ id, name }) => id === asked || name === asked);
  return [...new Set([asked, ...known.flatMap(({ id, name }) => [id, name])])];
}

/** EC2's groups that the operator's map has for it; undefined when the map does not list it. */
export function mappedTo(
  request: LaunchRequest,
  asked: string,
  { securityGroupMap }: MapSettings,
): readonly string[] | undefined {
  const lists = namesOf(request, asked).flatMap((name) => {
    const ids = lookup(securityGroupMap, name);
    return ids === undefined ? [] : [ids];
  });
  return lists[0];
}

/** Whether the network service was asked about the groups of this request. */
export function isFollowing({ securityGroupRules }: LaunchRequest): boolean {
  return securityGroupRules !== undefined;
}

/**
 * The groups of a request that EC2 is to have with their rules: all but those that the operator's map has. Throws
 * `not-found` for one that neither knows. Pure.
 */
export function followedIn(request: LaunchRequest, settings: MapSettings): readonly SecurityGroup[] {
  const { securityGroups, securityGroupRules = [] } = request;
  if (!isFollowing(request)) return [];
  const followed = securityGroups
    .filter((asked) => mappedTo(request, asked, settings) === undefined)
    .map((asked) => securityGroupRules.find(({ id, name }) => id === asked || name === asked) ?? unknown(asked));
  return [...new Map(followed.map((group) => [group.id, group])).values()];
}

/** The request without them, for a plan that must not look for what may not be made yet. */
export function withoutFollowed(request: LaunchRequest, settings: MapSettings): LaunchRequest {
  if (!isFollowing(request)) return request;
  const mapped = request.securityGroups.filter((asked) => mappedTo(request, asked, settings) !== undefined);
  return { ...request, securityGroups: mapped };
}

function unknown(asked: string): never {
  throw new ProviderError('not-found', `security group ${asked} is not known to the network service`, {
    subject: 'security-group',
    userMessage: `Security group ${asked.slice(0, 60)} could not be found; create it, or use another.`,
  });
}
