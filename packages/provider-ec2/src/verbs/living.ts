import type { Ec2Context } from '../context.js';

/** Those of the machines that have not ended. By filter: ids that EC2 has forgotten are then no error. */
export async function livingOf(ec2: Ec2Context, ids: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { instances } = await ec2.calls.read({
    action: 'DescribeInstances',
    signal,
    run: (api, options) => api.describeInstances({ filters: { 'instance-id': ids } }, options),
  });
  return new Set(instances.filter(({ state }) => state !== 'terminated').map(({ instanceId }) => instanceId));
}
