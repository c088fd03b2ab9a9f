import { setTimeout as pause } from 'node:timers/promises';

/** Two looks at a condition; short against what is waited for. */
const LOOK_MS = 10;
/** A condition not met by then will not be. */
const PATIENCE_MS = 30_000;

/** Resolves when the condition holds. Rejects, saying what was waited for, when the time is up. */
export async function until(condition: () => Promise<boolean>, what: string, timeoutMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`in vain for ${timeoutMs} ms: ${what}`);
    await pause(LOOK_MS);
  }
}
