import type { Bandwidth } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Calls } from '../limits/calls.js';
import type { MetricsApi } from '../ports/metrics-api.js';
import { windowSince } from './metric-window.js';
import { readMetrics, totalOf } from './metrics.js';

/**
 * What instances sent and received by CloudWatch's NetworkIn and NetworkOut, which count an instance and not its
 * interfaces: all of it is told of the first one. Minutes old. Ids that EC2 does not know, or that have ended, are left out.
 */
export async function bandwidth(
  ec2: Ec2Context,
  metrics: Calls<MetricsApi>,
  asked: { readonly ids: readonly string[]; readonly since: Date },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Bandwidth[]>> {
  const found = await ec2.instances.some(asked.ids, signal);
  const macs = [...found.values()].flatMap(({ instanceId, interfaces: [first] }) =>
    first === undefined ? [] : [{ instanceId, mac: first.mac }],
  );
  const window = windowSince(asked.since.getTime(), ec2.clock.now());
  const wanted = { metrics: ['NetworkIn', 'NetworkOut'], stat: 'Sum', window } as const;
  const values = await readMetrics(metrics, { ...wanted, instanceIds: macs.map(({ instanceId }) => instanceId) }, signal);
  const bytes = (id: string, metric: string) => totalOf(values(id, metric)) ?? 0;
  return new Map(
    macs.map(({ instanceId: id, mac }) => [id, [{ mac, bytesIn: bytes(id, 'NetworkIn'), bytesOut: bytes(id, 'NetworkOut') }]]),
  );
}
