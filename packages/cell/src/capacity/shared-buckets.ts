import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '@burstcell/store';

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Shortest pause between two tries, so that replicas do not ask the database in a tight loop. */
const LEAST_PAUSE_MS = 20;

/** Takes `want` tokens of a bucket that all replicas share, waiting as long as it takes. Rejects when the signal ends the wait. */
export async function takeShared(
  store: Pick<Store, 'buckets'>,
  name: string,
  size: BucketSize,
  want: number,
  signal?: AbortSignal,
): Promise<void> {
  if (want === 0) return;
  // More than the bucket ever holds is paid for by emptying it: the vendor counts the same way.
  const wanted = Math.min(want, size.capacity);
  for (;;) {
    signal?.throwIfAborted();
    const { granted, waitMs } = await store.buckets.take(name, size, wanted, wanted);
    if (granted >= wanted) return;
    await pause(Math.max(waitMs, LEAST_PAUSE_MS), undefined, signal === undefined ? {} : { signal });
  }
}
