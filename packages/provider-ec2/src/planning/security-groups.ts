import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import { isFollowing, mappedTo } from '../groups/group-choice.js';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import { GROUPS_FRESH_MS } from '../timings.js';
import { lookup } from './lookup.js';

export interface GroupSettings {
  readonly securityGroupMap: Readonly<Record<string, readonly string[]>>;
  /** Name of EC2's group for one of nova's: `{project_id}-{name}`. Absent: groups are not looked up by name. */
  readonly securityGroupNames?: string;
}

/** Every project has it without asking for it, so it may be missing at EC2. */
const DEFAULT_GROUP = 'default';

/**
 * nova's security groups → EC2's, by name, where the operator wants that. Groups and their rules are the
 * operator's: none is made, changed or emptied here.
 */
export class SecurityGroups {
  readonly #cached = new Map<string, Cached<readonly Ec2SecurityGroup[]>>();

  constructor(private readonly parts: Foundation) {}

  /** Groups that EC2 has for the request's names, of any VPC. Throws `not-found` for one that it has nowhere. */
  async named(request: LaunchRequest, signal?: AbortSignal): Promise<readonly Ec2SecurityGroup[]> {
    const found = await Promise.all(
      namesToFind(request, this.parts.config).map(async ({ nova, ec2 }) => {
        const groups = await this.#of(ec2).get(signal);
        if (groups.length > 0 || nova === DEFAULT_GROUP) return groups;
        this.#cached.delete(ec2);
        throw unknownGroup(nova, ec2);
      }),
    );
    return found.flat();
  }

  #of(name: string): Cached<readonly Ec2SecurityGroup[]> {
    const known = this.#cached.get(name);
    if (known) return known;
    const { clock, log, calls } = this.parts;
    const cached = new Cached({
      what: `security group ${name}`,
      freshMs: GROUPS_FRESH_MS,
      clock,
      log,
      load: () =>
        calls.read({
          action: 'DescribeSecurityGroups',
          run: (api, options) => api.describeSecurityGroups({ filters: { 'group-name': [name] } }, options),
        }),
    });
    this.#cached.set(name, cached);
    return cached;
  }
}

/** Groups of the operator's map, by nova's names. */
export function mappedGroups(request: LaunchRequest, settings: GroupSettings): readonly string[] {
  return request.securityGroups.flatMap((name) => mappedTo(request, name, settings) ?? []);
}

/** Nova's names that stand for nothing here. */
export function ignoredGroups(request: LaunchRequest, settings: GroupSettings): readonly string[] {
  const { securityGroups } = request;
  if (settings.securityGroupNames !== undefined || isFollowing(request)) return [];
  return securityGroups.filter((name) => name !== DEFAULT_GROUP && lookup(settings.securityGroupMap, name) === undefined);
}

function namesToFind(request: LaunchRequest, { securityGroupMap, securityGroupNames }: GroupSettings) {
  const { securityGroups, projectId } = request;
  if (securityGroupNames === undefined || isFollowing(request)) return [];
  const words: Readonly<Record<string, string>> = { project_id: projectId };
  return securityGroups
    .filter((name) => lookup(securityGroupMap, name) === undefined)
    .map((nova) => ({
      nova,
      ec2: securityGroupNames.replaceAll(/\{(\w+)\}/g, (whole, word: string) => lookup({ ...words, name: nova }, word) ?? whole),
    }));
}

function unknownGroup(nova: string, ec2: string): ProviderError {
  return new ProviderError('not-found', `security group ${nova}: EC2 has none called ${ec2}`, {
    subject: 'security-group',
    userMessage: `Security group ${nova.slice(0, 60)} has no counterpart in this cloud; use another or ask your cloud operator.`,
  });
}
