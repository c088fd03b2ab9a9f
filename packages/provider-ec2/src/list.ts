import type { ProviderPage } from '@burstcell/provider';
import type { Ec2Context } from './context.js';
import { observe } from './observe.js';
import { ownershipFilter } from './tags.js';
import { LIST_PAGE_SIZE } from './timings.js';

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
  const observed = await observe(ec2, instances, signal);
  return { instances: observed, ...(nextToken === undefined ? {} : { next: nextToken }) };
}
