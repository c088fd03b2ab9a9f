import { ProviderError } from '../errors.js';
import type { LaunchRequest } from '../launch.js';
import type { SecurityGroup, SecurityGroupSync } from '../security-groups.js';
import type { Site } from './cloud-state.js';

/** Takes the groups of a request over as they are: there is no network here that rules could be kept in. */
export function prepareSecurityGroups(
  { state }: Site,
  owner: string,
  { securityGroups, securityGroupRules = [] }: LaunchRequest,
): void {
  const missing = securityGroups.find((asked) => !securityGroupRules.some(({ id, name }) => asked === id || asked === name));
  if (missing !== undefined) {
    throw new ProviderError('not-found', `there is no security group ${missing}`, { subject: 'security-group' });
  }
  const known = state.securityGroups.get(owner) ?? new Map<string, SecurityGroup>();
  state.securityGroups.set(owner, known);
  for (const group of securityGroupRules) known.set(group.id, group);
}

export function knownGroupIds({ state }: Site, owner: string): readonly string[] {
  return [...(state.securityGroups.get(owner)?.keys() ?? [])];
}

/** Those that are gone are deleted at once: nothing uses groups here. */
export function syncSecurityGroups({ state }: Site, owner: string, found: readonly SecurityGroup[]): SecurityGroupSync {
  const known = state.securityGroups.get(owner) ?? new Map<string, SecurityGroup>();
  const groups = known.size;
  const changed = found.filter((group) => JSON.stringify(known.get(group.id)?.rules) !== JSON.stringify(group.rules));
  const gone = [...known.keys()].filter((id) => !found.some((group) => group.id === id));
  for (const group of changed) if (known.has(group.id)) known.set(group.id, group);
  for (const id of gone) known.delete(id);
  return { groups, changed: changed.length, deleted: gone.length, failed: 0 };
}
