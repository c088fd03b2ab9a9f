import { setTimeout as pause } from 'node:timers/promises';

/** Two looks at a condition; short against what is waited for. */
const LOOK_MS = 10;
/** A condition not met by then will not be. */
const PATIENCE_MS = 30_000;

/** Looks until there is an answer that is neither undefined nor false. Rejects, saying what was waited for, when the time is up. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  timeoutMs = PATIENCE_MS,
  everyMs = LOOK_MS,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    if (Date.now() > end) throw new Error(`in vain for ${timeoutMs} ms: ${what}`);
    await pause(everyMs);
  }
}
