import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import type { StepDelays } from './life.js';
import type { Lag } from './machines.js';
import { defaultRegion, type Region } from './region.js';
import type { ActionLimit } from './throttle.js';
import { DEFAULT_STEP_MS, TERMINATED_VISIBLE_MS } from './timings.js';

/** All optional: without any it is a quick, patient, endless EC2. */
export interface FakeEc2Options {
  readonly clock?: Clock;
  readonly region?: Partial<Region>;
  /** Number of the account. */
  readonly ownerId?: string;
  /** How long passing states last; one number is for all but how long the terminated are shown. Default 20 ms. */
  readonly delays?: number | Partial<StepDelays>;
  /** Eventual consistency. Default: none. */
  readonly lag?: Partial<Lag>;
  /** `true`: AWS's published token buckets; or one's own by action. Default: no throttling. */
  readonly buckets?: boolean | Readonly<Record<string, ActionLimit>>;
  /** Before every effect. Default 0. */
  readonly latencyMs?: number;
  /** Rows of a page of the catalogue and of the offerings. Default 20, so that callers must follow pages. */
  readonly cataloguePageSize?: number;
}

/** The options with nothing left open. */
export interface ResolvedOptions {
  readonly clock: Clock;
  readonly region: Region;
  readonly ownerId: string;
  readonly delays: StepDelays;
  readonly lag: Lag;
  readonly buckets: boolean | Readonly<Record<string, ActionLimit>>;
  readonly latencyMs: number;
  readonly cataloguePageSize: number;
}

/** Whose account it is unless told. */
export const OWNER_ID = '123456789012';
const DEFAULT_PAGE_SIZE = 20;

export function resolveOptions(options: FakeEc2Options): ResolvedOptions {
  return {
    clock: options.clock ?? systemClock,
    region: { ...defaultRegion, ...options.region },
    ownerId: options.ownerId ?? OWNER_ID,
    delays: resolveDelays(options.delays ?? {}),
    lag: { unseenMs: 0, staleMs: 0, ...options.lag },
    buckets: options.buckets ?? false,
    latencyMs: options.latencyMs ?? 0,
    cataloguePageSize: options.cataloguePageSize ?? DEFAULT_PAGE_SIZE,
  };
}

function resolveDelays(delays: number | Partial<StepDelays>): StepDelays {
  const stepMs = typeof delays === 'number' ? delays : DEFAULT_STEP_MS;
  return {
    ...{ pendingMs: stepMs, stoppingMs: stepMs, shuttingDownMs: stepMs, volumeMs: stepMs, imageMs: stepMs },
    terminatedVisibleMs: TERMINATED_VISIBLE_MS,
    ...(typeof delays === 'number' ? {} : delays),
  };
}
