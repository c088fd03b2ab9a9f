import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { GetMetricDataInput, MetricPage, MetricQuery, MetricsApi } from '../ports/metrics-api.js';
import { type SdkSettings, sdkClientConfig } from './sdk-client.js';
import { send } from './sdk-send.js';

/** {@link MetricsApi} on the AWS SDK. Imported when it is first needed: it costs memory that few cells want to spend. */
export function makeSdkMetricsApi(settings: SdkSettings): MetricsApi & { close(): void } {
  const client = new CloudWatchClient(sdkClientConfig(settings));
  return { ...metricsCalls(client), close: () => client.destroy() };
}

export interface MetricsSender {
  send(command: GetMetricDataCommand, http: { abortSignal?: AbortSignal }): Promise<Partial<GetMetricDataCommandOutput>>;
}

export function metricsCalls(client: MetricsSender): MetricsApi {
  return {
    async getMetricData({ queries, start, end, nextToken }, options) {
      const command = new GetMetricDataCommand({ ...toRequest({ queries, start, end }), NextToken: nextToken });
      return toPage(await send(options, (http) => client.send(command, http)));
    },
  };
}

function toRequest({ queries, start, end }: GetMetricDataInput) {
  return { MetricDataQueries: queries.map(toQuery), StartTime: start, EndTime: end, ScanBy: 'TimestampDescending' } as const;
}

function toQuery({ id, instanceId, metric, stat, periodSeconds }: MetricQuery) {
  const Dimensions = [{ Name: 'InstanceId', Value: instanceId }];
  return {
    Id: id,
    MetricStat: { Metric: { Namespace: 'AWS/EC2', MetricName: metric, Dimensions }, Stat: stat, Period: periodSeconds },
  };
}

function toPage({ MetricDataResults, NextToken }: Partial<GetMetricDataCommandOutput>): MetricPage {
  const results = (MetricDataResults ?? []).map(({ Id, Values }) => ({ id: Id ?? '', values: Values ?? [] }));
  return { results, ...(NextToken ? { nextToken: NextToken } : {}) };
}
