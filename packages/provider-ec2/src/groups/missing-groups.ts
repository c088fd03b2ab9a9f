import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { ec2Cause } from '../limits/errors.js';
import type { RunInstancesInput } from '../ports/ec2-api.js';
import { notYetKnown } from './bring-rules.js';

/**
 * What to make of a launch that was refused for a group that EC2 does not know; any other error stays as it is. Nothing was
 * started. A group of ours that is there: `unavailable`, the same launch goes later. One that somebody has deleted: `conflict`,
 * so that a new launch is planned, and the group made again before it. A group of the operator's is as missing as before.
 */
export async function launchRefusal(ec2: Ec2Context, error: unknown, run: RunInstancesInput): Promise<unknown> {
  if (ec2Cause(error)?.code !== 'InvalidGroup.NotFound' || ec2.config.securityGroupNames !== undefined) return error;
  const ids = followedIds(ec2, run);
  if (ids.length === 0) return error;
  const found = await ec2.followed.own.all().catch(() => undefined);
  if (found === undefined) return notYetKnown(error);
  const missing = ids.filter((id) => !found.some(({ groupId }) => groupId === id));
  if (missing.length === 0) return notYetKnown(error);
  ec2.followed.forget(missing);
  return new ProviderError('conflict', `security group ${missing.join(', ')} was deleted at EC2; it is made again`, {
    cause: error,
    subject: 'security-group',
  });
}

/** Those of a launch that no option names. */
function followedIds({ config }: Ec2Context, run: RunInstancesInput): readonly string[] {
  const named = new Set([...config.securityGroupIds, ...Object.values(config.securityGroupMap).flat()]);
  const all = (run.interfaces ?? [run]).flatMap(({ securityGroupIds = [] }) => securityGroupIds);
  return [...new Set(all)].filter((id) => !named.has(id));
}
