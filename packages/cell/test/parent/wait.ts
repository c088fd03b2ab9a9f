import { setTimeout as pause } from 'node:timers/promises';
import { LOOK_AGAIN_MS } from './timings.js';

/** Asks again until the answer is truthy or time is up; returns the last answer either way. */
export async function until<T>(ask: () => Promise<T> | T, patienceMs: number, everyMs = LOOK_AGAIN_MS): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() >= deadline) return answer;
    await pause(everyMs);
  }
}
