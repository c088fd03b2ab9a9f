import type { AwsAction } from './buckets.js';

/** User verbs go before sweeps: a sweep leaves a share of every bucket to them. */
export type Priority = 'user' | 'sweep';

export interface Demand {
  /** 0 when an earlier take has paid for the request already; then it waits for the machines only. Default 1. */
  readonly requests?: 0 | 1;
  /** Machines that the call touches; counts against the action's second bucket where it has one. */
  readonly instances?: number;
  readonly priority?: Priority;
}

/**
 * AWS's limits kept on our side (AWS: "Request throttling for the Amazon EC2 API"), per
 * account, region and action. {@link LocalBudget} keeps them for one process; replicas of
 * one account want one that they share.
 */
export interface Budget {
  /** Resolves when the call may be made. Rejects with the signal's reason when it is aborted first; then nothing was taken. */
  take(action: AwsAction, demand: Demand, signal?: AbortSignal): Promise<void>;
  /** AWS answered "too many": our count was too high, the bucket is empty. The call's machines were not touched and are given back. */
  drain(action: AwsAction, instances: number): void | Promise<void>;
  /** Ends timers; those who still wait are rejected. */
  close?(): void;
}
