import type { Clock } from './clock.js';

/** A bucket's size and how much flows back a second. */
export interface BucketSize {
  readonly capacity: number;
  readonly perSecond: number;
}

/** The limits of one action: by requests and, where AWS has one, by instances touched. */
export interface ActionLimit {
  readonly requests: BucketSize;
  readonly instances?: BucketSize;
}

const size = (capacity: number, perSecond: number): BucketSize => ({ capacity, perSecond });

/** As AWS publishes them (Amazon EC2 Developer Guide: Request throttling), per account, region and action. */
export const publishedLimits: Readonly<Record<string, ActionLimit>> = {
  RunInstances: { requests: size(5, 2), instances: size(1000, 2) },
  StartInstances: { requests: size(5, 2), instances: size(1000, 2) },
  StopInstances: { requests: size(50, 5), instances: size(1000, 20) },
  TerminateInstances: { requests: size(100, 5), instances: size(1000, 20) },
  CreateTags: { requests: size(100, 10) },
  DeleteTags: { requests: size(100, 10) },
  AssignPrivateIpAddresses: { requests: size(100, 5) },
  UnassignPrivateIpAddresses: { requests: size(100, 5) },
  DeleteVolume: { requests: size(100, 5) },
  DeregisterImage: { requests: size(100, 5) },
  DeleteSnapshot: { requests: size(100, 5) },
};

const READ: ActionLimit = { requests: size(100, 20) };
const UNBOUNDED_READ: ActionLimit = { requests: size(50, 10) };
const WRITE: ActionLimit = { requests: size(50, 5) };

export interface ThrottledCall {
  readonly action: string;
  /** How many instances it touches. */
  readonly instances: number;
  /** A Describe without ids, filters or paging, which AWS limits harder. */
  readonly isUnbounded: boolean;
}

/** AWS's token buckets, as the far side of the wire has them: what does not fit is refused and costs nothing. */
export class Throttle {
  readonly #levels = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: Readonly<Record<string, ActionLimit>> = publishedLimits,
  ) {}

  /** True if the call may pass; its tokens are then gone. */
  take(call: ThrottledCall): boolean {
    const limit = this.#limitOf(call);
    const name = call.isUnbounded ? `${call.action}/unbounded` : call.action;
    const requests = this.#level(`${name}/requests`, limit.requests);
    const instances = limit.instances && this.#level(`${name}/instances`, limit.instances);
    if (requests.tokens < 1 || (instances && instances.tokens < call.instances)) return false;

    requests.tokens -= 1;
    if (instances) instances.tokens -= call.instances;
    return true;
  }

  #limitOf({ action, isUnbounded }: ThrottledCall): ActionLimit {
    if (isUnbounded) return UNBOUNDED_READ;
    return this.limits[action] ?? (/^(Describe|Get)/.test(action) ? READ : WRITE);
  }

  #level(key: string, { capacity, perSecond }: BucketSize): { tokens: number } {
    const now = this.clock.now();
    const level = this.#levels.get(key) ?? { tokens: capacity, at: now };
    level.tokens = Math.min(capacity, level.tokens + ((now - level.at) / 1000) * perSecond);
    level.at = now;
    this.#levels.set(key, level);
    return level;
  }
}
