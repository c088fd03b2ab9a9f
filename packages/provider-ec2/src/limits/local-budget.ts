import { type Clock, systemClock } from '../clock.js';
import { type ActionBuckets, AWS_BUCKETS, type AwsAction } from './buckets.js';
import type { Budget, Demand } from './budget.js';
import { TokenBucket } from './token-bucket.js';

/** Share of a bucket that sweeps leave untouched. */
const SWEEP_RESERVE = 0.25;

/** Budget of one process: fair within a priority (first come, first served), user verbs first. */
export class LocalBudget implements Budget {
  readonly #lines = new Map<AwsAction, Line>();

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly buckets: Readonly<Record<AwsAction, ActionBuckets>> = AWS_BUCKETS,
  ) {}

  take(action: AwsAction, demand: Demand, signal?: AbortSignal): Promise<void> {
    return this.#line(action).wait(demand, signal);
  }

  drain(action: AwsAction, instances: number): void {
    this.#line(action).drain(instances);
  }

  close(): void {
    for (const line of this.#lines.values()) line.close();
  }

  #line(action: AwsAction): Line {
    const known = this.#lines.get(action);
    if (known) return known;

    const line = new Line(this.clock, this.buckets[action]);
    this.#lines.set(action, line);
    return line;
  }
}

interface Waiter {
  readonly requests: number;
  readonly instances: number;
  readonly reserve: number;
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** The waiting line before one action. */
class Line {
  readonly #requests: TokenBucket;
  readonly #instances: TokenBucket | undefined;
  readonly #user: Waiter[] = [];
  readonly #sweep: Waiter[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    buckets: ActionBuckets,
  ) {
    this.#requests = new TokenBucket(buckets.requests, clock.now());
    this.#instances = buckets.instances && new TokenBucket(buckets.instances, clock.now());
  }

  wait(demand: Demand, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);

    return new Promise((resolve, reject) => {
      const lane = demand.priority === 'sweep' ? this.#sweep : this.#user;
      const onAbort = () => this.#leave(lane, waiter, signal?.reason);
      const settle = (end: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        end();
      };
      const waiter: Waiter = {
        requests: demand.requests ?? 1,
        instances: demand.instances ?? 1,
        reserve: demand.priority === 'sweep' ? SWEEP_RESERVE : 0,
        admit: () => settle(resolve),
        refuse: (reason) => settle(() => reject(reason)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      // A request that is paid for must not wait behind those that still have to.
      if (waiter.requests === 0) lane.unshift(waiter);
      else lane.push(waiter);
      this.#serve();
    });
  }

  drain(instances: number): void {
    this.#requests.drain(this.clock.now());
    this.#instances?.giveBack(instances, this.clock.now());
  }

  close(): void {
    this.#cancelTimer?.();
    for (const waiter of [...this.#user.splice(0), ...this.#sweep.splice(0)]) waiter.refuse(new Error('the budget was closed'));
  }

  #serve(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    for (;;) {
      const lane = this.#user.length > 0 ? this.#user : this.#sweep;
      const [first] = lane;
      if (!first) return;

      const waitMs = this.#waitMs(first);
      if (waitMs > 0) {
        this.#cancelTimer = this.clock.setTimer(() => this.#serve(), waitMs);
        return;
      }
      lane.shift();
      this.#requests.take(first.requests, this.clock.now());
      this.#instances?.take(first.instances, this.clock.now());
      first.admit();
    }
  }

  #waitMs({ requests, instances, reserve }: Waiter): number {
    const now = this.clock.now();
    const forRequest = requests === 0 ? 0 : this.#requests.waitMs(requests, now, reserve * this.#requests.size.capacity);
    const second = this.#instances;
    return Math.max(forRequest, second ? second.waitMs(instances, now, reserve * second.size.capacity) : 0);
  }

  #leave(lane: Waiter[], waiter: Waiter, reason: unknown): void {
    const at = lane.indexOf(waiter);
    if (at === -1) return;
    lane.splice(at, 1);
    waiter.refuse(reason);
    this.#serve();
  }
}
