/** Between half of the time given and all of it, so that many processes do not come back in step. */
export function jittered(ms: number): number {
  return ms / 2 + Math.random() * (ms / 2);
}

/** Resolves after the time, or at once when the signal fires. Never rejects. */
export function abortableDelay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
