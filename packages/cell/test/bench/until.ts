import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;
const LIMIT_MS = 5 * 60_000;

/** Looks until there is an answer; rejects when there is none for minutes. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const began = performance.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() - began > LIMIT_MS) throw new Error('what was waited for did not come');
    await pause(LOOK_AGAIN_MS);
  }
}
