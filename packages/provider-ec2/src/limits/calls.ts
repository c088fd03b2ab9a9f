import { isRepeatable, type ProviderError } from '@burstcell/provider';
import { type Clock, sleep } from '../clock.js';
import type { Ec2Api, Ec2CallOptions } from '../ports/ec2-api.js';
import { READ_ATTEMPTS, READ_BACKOFF_FIRST_MS, READ_BACKOFF_MAX_MS } from '../timings.js';
import type { AwsAction } from './buckets.js';
import type { Budget, Demand } from './budget.js';
import { type ErrorContext, toProviderError } from './errors.js';

export interface Call<T, Api = Ec2Api> extends Demand {
  readonly action: AwsAction;
  readonly signal?: AbortSignal | undefined;
  readonly context?: ErrorContext;
  readonly run: (api: Api, options: Ec2CallOptions) => Promise<T>;
}

/** Every call to EC2, or to another service of AWS, passes here: it waits for its budget, and its failure leaves as a ProviderError. */
export interface Calls<Api = Ec2Api> {
  /** Resolves when a call of this action may be made; one `once` with `requests: 0` then need not wait for it again. */
  admit(action: AwsAction, signal?: AbortSignal): Promise<void>;
  /** For calls that change something: made once, whoever recorded the intent repeats it. */
  once<T>(call: Call<T, Api>): Promise<T>;
  /** For calls that only look: repeated with growing, jittered pauses while EC2 is throttling or unavailable. */
  read<T>(call: Call<T, Api>): Promise<T>;
}

export interface CallParts<Api> {
  readonly api: Api;
  readonly budget: Budget;
  readonly clock: Clock;
}

export function makeCalls<Api>({ api, budget, clock }: CallParts<Api>): Calls<Api> {
  async function admit(action: AwsAction, signal?: AbortSignal): Promise<void> {
    try {
      await budget.take(action, { instances: 0 }, signal);
    } catch (thrown) {
      throw toProviderError(thrown);
    }
  }

  async function once<T>(call: Call<T, Api>): Promise<T> {
    const { action, signal } = call;
    try {
      await budget.take(action, call, signal);
      return await call.run(api, signal ? { signal } : {});
    } catch (thrown) {
      const error = toProviderError(thrown, call.context);
      if (error.kind === 'throttled') await budget.drain(action, call.instances ?? 1);
      throw error;
    }
  }

  async function read<T>(call: Call<T, Api>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(call);
      } catch (error) {
        if (attempt >= READ_ATTEMPTS || call.signal?.aborted || !isRepeatable(error)) throw error;
      }
      await pause(attempt, call.signal);
    }
  }

  async function pause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(clock, backoffMs(attempt), signal);
    } catch (thrown) {
      throw toProviderError(thrown) satisfies ProviderError;
    }
  }

  return { admit, once, read };
}

/** "Full jitter": anything up to the doubled step, so that replicas do not knock together. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(READ_BACKOFF_MAX_MS, READ_BACKOFF_FIRST_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}
