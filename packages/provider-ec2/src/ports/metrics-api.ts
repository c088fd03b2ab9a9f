import type { Ec2CallOptions } from './ec2-api.js';

/** The only CloudWatch call this package makes, in CloudWatch's words; rejects with an {@link ./ec2-api.ts Ec2Error}, as EC2's do. */
export interface MetricsApi {
  /** At most 500 queries, answered in pages (AWS: GetMetricData). A metric that nobody wrote has no values, and is no error. */
  getMetricData(input: GetMetricDataInput, options?: Ec2CallOptions): Promise<MetricPage>;
}

export interface GetMetricDataInput {
  readonly queries: readonly MetricQuery[];
  readonly start: Date;
  readonly end: Date;
  readonly nextToken?: string;
}

/** One metric of the namespace `AWS/EC2`, of one instance. */
export interface MetricQuery {
  /** A lower-case letter, then letters, digits and `_`; unique in its call. */
  readonly id: string;
  readonly instanceId: string;
  readonly metric: string;
  readonly stat: 'Sum' | 'Average';
  /** One value for each; a multiple of 60. */
  readonly periodSeconds: number;
}

export interface MetricPage {
  /** Newest first; the values of one query may be spread over several pages. */
  readonly results: readonly { readonly id: string; readonly values: readonly number[] }[];
  readonly nextToken?: string;
}
