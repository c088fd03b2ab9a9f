import { ProviderError } from '@burstcell/provider';
import type { Calls } from '../limits/calls.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2SecurityGroup } from '../ports/ec2-api.js';
import type { Ec2GroupRule } from '../ports/ec2-group-api.js';
import { UNAVAILABLE_RETRY_AFTER_MS } from '../timings.js';
import { type Ec2Rules, ruleKey } from './group-rules.js';

type Direction = 'ingress' | 'egress';
type Change = 'Authorize' | 'Revoke';
type Wished = Pick<Ec2Rules, Direction>;

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** The rules that one has and the other has not. */
export function missingIn(has: readonly Ec2GroupRule[], wished: readonly Ec2GroupRule[]): readonly Ec2GroupRule[] {
  const keys = new Set(has.map(ruleKey));
  return wished.filter((rule) => !keys.has(ruleKey(rule)));
}

/**
 * Brings a group to these rules: adds what is missing, then takes away what is too much, so that what is to be kept is never
 * interrupted. A group too full for both at once is first relieved. Others may do the same at the same time. Answers whether
 * anything had to be done. A second call finds nothing to do.
 */
export async function bringRules(calls: Calls, group: Ec2SecurityGroup, wished: Wished): Promise<boolean> {
  const missing = DIRECTIONS.map((way) => ({ way, rules: missingIn(group[way] ?? [], wished[way]) }));
  const excess = DIRECTIONS.map((way) => ({ way, rules: missingIn(wished[way], group[way] ?? []) }));
  const add = async () => {
    for (const { way, rules } of missing) await change(calls, { is: 'Authorize', way, groupId: group.groupId }, rules);
  };
  const takeAway = async () => {
    for (const { way, rules } of excess) await change(calls, { is: 'Revoke', way, groupId: group.groupId }, rules);
  };
  try {
    await add();
  } catch (error) {
    const isFull = ec2Cause(error)?.code === 'RulesPerSecurityGroupLimitExceeded';
    if (!isFull || excess.every(({ rules }) => rules.length === 0)) throw error;
    await takeAway();
    await add();
  }
  await takeAway();
  return [...missing, ...excess].some(({ rules }) => rules.length > 0);
}

interface Step {
  readonly is: Change;
  readonly way: Direction;
  readonly groupId: string;
}

/** What another replica did first: for all of the rules it refuses, so each is then tried by itself. */
const DONE_ALREADY: Readonly<Record<Change, string>> = {
  Authorize: 'InvalidPermission.Duplicate',
  Revoke: 'InvalidPermission.NotFound',
};

async function change(calls: Calls, step: Step, rules: readonly Ec2GroupRule[]): Promise<void> {
  if (rules.length === 0) return;
  try {
    await send(calls, step, rules);
  } catch (error) {
    if (ec2Cause(error)?.code !== DONE_ALREADY[step.is]) throw visibleSoon(error);
    if (rules.length > 1) for (const rule of rules) await change(calls, step, [rule]);
  }
}

function send(calls: Calls, { is, way, groupId }: Step, rules: readonly Ec2GroupRule[]): Promise<void> {
  const input = { groupId, rules };
  if (is === 'Authorize') {
    return way === 'ingress'
      ? calls.once({
          action: 'AuthorizeSecurityGroupIngress',
          run: (api, options) => api.authorizeSecurityGroupIngress(input, options),
        })
      : calls.once({
          action: 'AuthorizeSecurityGroupEgress',
          run: (api, options) => api.authorizeSecurityGroupEgress(input, options),
        });
  }
  return way === 'ingress'
    ? calls.once({ action: 'RevokeSecurityGroupIngress', run: (api, options) => api.revokeSecurityGroupIngress(input, options) })
    : calls.once({ action: 'RevokeSecurityGroupEgress', run: (api, options) => api.revokeSecurityGroupEgress(input, options) });
}

/** A group that was just made, by us or by another replica, may not be known everywhere yet: it is asked for anew. */
function visibleSoon(error: unknown): unknown {
  if (ec2Cause(error)?.code !== 'InvalidGroup.NotFound') return error;
  return notYetKnown(error);
}

/** EC2's reads and checks lag behind what was made (AWS: "Eventual consistency"). */
export function notYetKnown(cause?: unknown): ProviderError {
  return new ProviderError('unavailable', 'a security group is not known everywhere yet', {
    cause,
    userMessage: 'A security group is still being made known in the cloud; try again in a moment.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}
