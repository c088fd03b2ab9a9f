import type { EventEmitter } from 'node:events';

/** How long a test waits for the child before it says what it saw instead. */
export const WAIT_MS = 20_000;

/**
 * Resolves with the first value that is neither undefined nor false, looking again at every `event`.
 * Rejects after `timeoutMs` with the text of `tell`.
 */
export async function until<T>(look: {
  readonly on: EventEmitter;
  readonly event: string;
  readonly read: () => T | undefined | false;
  readonly tell: () => string;
  readonly timeoutMs?: number;
}): Promise<T> {
  const first = look.read();
  if (first !== undefined && first !== false) return first;
  return new Promise<T>((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      look.on.off(look.event, again);
    };
    const again = () => {
      const value = look.read();
      if (value === undefined || value === false) return;
      end();
      resolve(value);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(look.tell()));
    }, look.timeoutMs ?? WAIT_MS);
    look.on.on(look.event, again);
  });
}
