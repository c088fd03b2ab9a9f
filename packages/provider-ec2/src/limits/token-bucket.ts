import type { BucketSize } from './buckets.js';

/** AWS's bucket: full at the start, refilled continuously, never above its capacity. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(
    readonly size: BucketSize,
    nowMs: number,
  ) {
    this.#tokens = size.capacity;
    this.#at = nowMs;
  }

  /** Milliseconds until `count` can be taken with `reserve` left over; 0 = now. More than fits counts as a full bucket. */
  waitMs(count: number, nowMs: number, reserve = 0): number {
    const needed = Math.min(count + reserve, this.size.capacity);
    const missing = needed - this.#refilled(nowMs);
    return missing <= 0 ? 0 : Math.ceil((missing / this.size.refillPerSecond) * 1000);
  }

  take(count: number, nowMs: number): void {
    this.#refilled(nowMs);
    this.#tokens -= Math.min(count, this.size.capacity);
  }

  giveBack(count: number, nowMs: number): void {
    this.#tokens = Math.min(this.size.capacity, this.#refilled(nowMs) + Math.min(count, this.size.capacity));
  }

  drain(nowMs: number): void {
    this.#refilled(nowMs);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #refilled(nowMs: number): number {
    const gained = (Math.max(0, nowMs - this.#at) / 1000) * this.size.refillPerSecond;
    this.#tokens = Math.min(this.size.capacity, this.#tokens + gained);
    this.#at = nowMs;
    return this.#tokens;
  }
}
