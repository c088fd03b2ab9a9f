import { METRIC_COARSER_MS, METRIC_FINEST_MS, METRIC_MAX_VALUES, METRIC_RECENT_MS } from '../timings.js';

/** The time that metrics are asked for, in whole periods. */
export interface MetricWindow {
  readonly start: Date;
  readonly end: Date;
  readonly periodSeconds: number;
}

/**
 * From `sinceMs` until now, in the longest period that begins just then (a month from midnight UTC is days), or else that
 * makes few values of it. CloudWatch keeps values of five minutes for 63 days, of an hour for 455, and reads of a time that
 * is aligned to the period are the cheaper ones (AWS: GetMetricData).
 */
export function windowSince(sinceMs: number, nowMs: number): MetricWindow {
  const periodMs =
    METRIC_COARSER_MS.find((period) => sinceMs % period === 0 || nowMs - sinceMs > METRIC_MAX_VALUES * period) ??
    METRIC_FINEST_MS;
  return windowOf(sinceMs, nowMs, periodMs);
}

/** So much of the last minutes that the newest value is in it. */
export function recentWindow(nowMs: number): MetricWindow {
  return windowOf(nowMs - METRIC_RECENT_MS, nowMs, METRIC_FINEST_MS);
}

function windowOf(sinceMs: number, nowMs: number, periodMs: number): MetricWindow {
  return {
    start: new Date(Math.floor(sinceMs / periodMs) * periodMs),
    // The period that is not over yet counts with what it has.
    end: new Date((Math.floor(nowMs / periodMs) + 1) * periodMs),
    periodSeconds: periodMs / 1_000,
  };
}
