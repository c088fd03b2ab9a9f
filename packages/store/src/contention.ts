import { CONTENTION_BACKOFF_MS } from './timings.js';

/** Waits a random while, longer with each try, so that two who were in each other's way do not meet again. */
export function contentionPause(tries: number): Promise<void> {
  const ms = Math.random() * (tries + 1) * CONTENTION_BACKOFF_MS;
  return new Promise((resolve) => setTimeout(resolve, ms));
}
