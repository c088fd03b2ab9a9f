import type { Ec2CallOptions } from '../ports/ec2-api.js';
import type { GetMetricDataInput, MetricPage, MetricQuery, MetricsApi } from '../ports/metrics-api.js';
import type { Clock } from './clock.js';
import { ec2Failure } from './failures.js';
import type { GateCall } from './gate.js';

/** What instances write of themselves, and when. */
interface Written {
  readonly instanceId: string;
  readonly metric: string;
  readonly value: number;
  readonly at: number;
}

/** Takes a call through latency, faults and the log to its effect. */
export type PassGate = <T>(call: GateCall, effect: () => T) => Promise<T>;

const MAX_QUERIES = 500;

/** CloudWatch in memory, beside the instances of {@link ./fake-ec2.ts FakeEc2}: it knows what a test has written. */
export class FakeMetrics implements MetricsApi {
  readonly #written: Written[] = [];
  /** Queries answered on one page; the rest waits for the next. */
  pageSize = MAX_QUERIES;

  constructor(
    private readonly clock: Clock,
    private readonly pass: PassGate,
  ) {}

  /** A value of five minutes, written now. */
  write(instanceId: string, metric: string, value: number): void {
    this.#written.push({ instanceId, metric, value, at: this.clock.now() });
  }

  getMetricData(input: GetMetricDataInput, { signal }: Ec2CallOptions = {}): Promise<MetricPage> {
    return this.pass({ action: 'GetMetricData', signal }, () => this.#page(input));
  }

  #page(input: GetMetricDataInput): MetricPage {
    const { queries } = input;
    check(queries);
    const from = Number(input.nextToken ?? 0);
    const to = from + this.pageSize;
    const results = queries.slice(from, to).map((query) => ({ id: query.id, values: this.#values(query, input) }));
    return { results, ...(to < queries.length ? { nextToken: String(to) } : {}) };
  }

  /** One value a period that has any, newest first. */
  #values(query: MetricQuery, { start, end }: GetMetricDataInput): readonly number[] {
    const periods = new Map<number, number[]>();
    for (const { instanceId, metric, value, at } of this.#written) {
      if (instanceId !== query.instanceId || metric !== query.metric || at < start.getTime() || at >= end.getTime()) continue;
      const period = Math.floor(at / (query.periodSeconds * 1_000));
      periods.set(period, [...(periods.get(period) ?? []), value]);
    }
    const newestFirst = [...periods].sort(([a], [b]) => b - a);
    return newestFirst.map(([, values]) => sumOf(values) / (query.stat === 'Sum' ? 1 : values.length));
  }
}

function check(queries: readonly MetricQuery[]): void {
  const ids = new Set(queries.map(({ id }) => id));
  const isWrong =
    queries.length === 0 ||
    queries.length > MAX_QUERIES ||
    ids.size < queries.length ||
    queries.some(({ id, periodSeconds }) => !/^[a-z]\w*$/.test(id) || periodSeconds % 60 !== 0 || periodSeconds > 86_400);
  if (isWrong) throw ec2Failure('ValidationError', 'The value for parameter MetricDataQueries is not valid');
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
