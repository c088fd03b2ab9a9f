import { ProviderError, type ProviderPage } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { ownershipFilter } from '../launching/tags.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { LIST_PAGE_SIZE } from '../timings.js';
import { observe } from './observe.js';

/** One page of the machines that carry our tags, in any state; a sweep, so user verbs go first. */
export async function list(ec2: Ec2Context, page?: string, signal?: AbortSignal): Promise<ProviderPage> {
  const { instances, nextToken } = await ec2.calls.read({
    action: 'DescribeInstances',
    priority: 'sweep',
    signal,
    run: (api, options) =>
      api.describeInstances(
        { filters: ownershipFilter(ec2.config), maxResults: LIST_PAGE_SIZE, ...(page === undefined ? {} : { nextToken: page }) },
        options,
      ),
  });
  refuseTwins(ec2, instances);
  const observed = await observe(ec2, instances, signal);
  return { instances: observed, ...(nextToken === undefined ? {} : { next: nextToken }) };
}

/** An account that is configured twice would show each machine under two ids, of which one is nobody's. */
function refuseTwins({ config }: Ec2Context, instances: readonly Ec2Instance[]): void {
  const twin = instances.find(({ ownerId = '' }) => config.otherAccounts?.includes(ownerId))?.ownerId;
  if (twin === undefined) return;
  throw new ProviderError(
    'unauthorized',
    `[ec2] has credentials of account ${twin}, which is in accounts_file too; take it out there, or set role_arn to a role of another account`,
    { userMessage: 'This cloud is set up wrongly at the moment; ask your cloud operator.' },
  );
}
