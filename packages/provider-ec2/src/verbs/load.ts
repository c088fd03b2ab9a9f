import type { JsonObject } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { recentWindow, windowSince } from './metric-window.js';
import { type MetricValues, readMetrics, totalOf } from './metrics.js';

/** What CloudWatch counts of an instance as a whole; null where it has no value (Xen instances write no EBS metrics). */
export interface Load {
  /** Percent, newest value. */
  readonly cpuUtilisation: number | null;
  /** Since the last start. */
  readonly nic: { readonly rxBytes: number | null; readonly txBytes: number | null };
  readonly disk: { readonly readBytes: number | null; readonly writeBytes: number | null };
  /** Operations of all disks since the last start, by name. */
  readonly details: JsonObject;
}

const UNKNOWN: Load = {
  cpuUtilisation: null,
  nic: { rxBytes: null, txBytes: null },
  disk: { readBytes: null, writeBytes: null },
  details: {},
};
const SUMS = ['NetworkIn', 'NetworkOut', 'EBSReadBytes', 'EBSWriteBytes', 'EBSReadOps', 'EBSWriteOps'];

/** Unknown without `metrics = cloudwatch`, and of a machine that does not run. */
export async function loadOf(ec2: Ec2Verbs, machine: Ec2Instance, signal?: AbortSignal): Promise<Load> {
  const { metrics } = ec2.services;
  const { instanceId: id, state, launchTime } = machine;
  if (metrics === undefined || state !== 'running' || launchTime === undefined) return UNKNOWN;

  const now = ec2.clock.now();
  const of = { instanceIds: [id] };
  const sinceStart = windowSince(Date.parse(launchTime), now);
  const [sums, averages] = await Promise.all([
    readMetrics(metrics, { ...of, metrics: SUMS, stat: 'Sum', window: sinceStart }, signal),
    readMetrics(metrics, { ...of, metrics: ['CPUUtilization'], stat: 'Average', window: recentWindow(now) }, signal),
  ]);
  return toLoad(id, sums, averages(id, 'CPUUtilization')[0] ?? null);
}

function toLoad(id: string, sums: MetricValues, cpuUtilisation: number | null): Load {
  const total = (metric: string) => totalOf(sums(id, metric));
  const ops = { diskReadOps: total('EBSReadOps'), diskWriteOps: total('EBSWriteOps') };
  return {
    cpuUtilisation,
    nic: { rxBytes: total('NetworkIn'), txBytes: total('NetworkOut') },
    disk: { readBytes: total('EBSReadBytes'), writeBytes: total('EBSWriteBytes') },
    details: Object.fromEntries(Object.entries(ops).filter(([, value]) => value !== null)),
  };
}
