import type { Calls } from '../limits/calls.js';
import type { GetMetricDataInput, MetricQuery, MetricsApi } from '../ports/metrics-api.js';
import { METRICS_PER_CALL } from '../timings.js';
import type { MetricWindow } from './metric-window.js';

export interface Wanted {
  readonly instanceIds: readonly string[];
  /** Names of the namespace `AWS/EC2` (AWS: "CloudWatch metrics that are available for your instances"). */
  readonly metrics: readonly string[];
  readonly stat: MetricQuery['stat'];
  readonly window: MetricWindow;
}

/** The values of one metric of one instance, newest first; empty where CloudWatch has none. */
export type MetricValues = (instanceId: string, metric: string) => readonly number[];

/** As few calls as carry the question. Each is made once: what failed is asked for again by the next round, or the user. */
export async function readMetrics(calls: Calls<MetricsApi>, wanted: Wanted, signal?: AbortSignal): Promise<MetricValues> {
  const { instanceIds, metrics, window } = wanted;
  const queries = instanceIds.flatMap((instanceId) => metrics.map((metric) => ({ instanceId, metric })));
  const read = new Map<string, number[]>();
  for (let from = 0; from < queries.length; from += METRICS_PER_CALL) {
    const some = queries
      .slice(from, from + METRICS_PER_CALL)
      .map((query, at) => ({ ...query, id: `m${from + at}`, stat: wanted.stat, periodSeconds: window.periodSeconds }));
    await readPages(calls, { queries: some, start: window.start, end: window.end }, read, signal);
  }
  const idOf = new Map(queries.map(({ instanceId, metric }, at) => [`${instanceId} ${metric}`, `m${at}`]));
  return (instanceId, metric) => read.get(idOf.get(`${instanceId} ${metric}`) ?? '') ?? [];
}

async function readPages(
  calls: Calls<MetricsApi>,
  input: GetMetricDataInput,
  into: Map<string, number[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let nextToken: string | undefined;
  do {
    const page = { ...input, ...(nextToken === undefined ? {} : { nextToken }) };
    const answer = await calls.once({
      action: 'GetMetricData',
      signal,
      run: (api, options) => api.getMetricData(page, options),
    });
    for (const { id, values } of answer.results) into.set(id, [...(into.get(id) ?? []), ...values]);
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
}

/** A sum in whole numbers; null where nothing was counted. */
export function totalOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0));
}
