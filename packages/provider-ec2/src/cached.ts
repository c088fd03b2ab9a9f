import { abortable, type Clock } from './clock.js';
import type { Log } from './log.js';
import { REFRESH_RETRY_MS } from './timings.js';

export interface CachedOptions<T> {
  readonly what: string;
  readonly freshMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: () => Promise<T>;
}

/**
 * A fact that is read at first need and then served at once, refreshed in the background
 * when it has aged. A failed refresh keeps the old value and is logged; only a first load
 * can reject, and the next call tries again.
 */
export class Cached<T> {
  #value: { readonly held: T } | undefined;
  #loading: Promise<T> | undefined;
  #refreshAt = 0;

  constructor(private readonly options: CachedOptions<T>) {}

  async get(signal?: AbortSignal): Promise<T> {
    if (!this.#value) return abortable(this.#load(), signal);
    this.soon();
    return this.#value.held;
  }

  /** What is known without waiting; what is missing or has aged is read in the background. */
  soon(): T | undefined {
    const { clock, log, what } = this.options;
    if (clock.now() >= this.#refreshAt) {
      this.#load().catch((error: unknown) =>
        log.warn('could not refresh what EC2 says; serving the older answer', { what, error }),
      );
    }
    return this.#value?.held;
  }

  /** What is known without asking. */
  peek(): T | undefined {
    return this.#value?.held;
  }

  #load(): Promise<T> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadOnce(): Promise<T> {
    const { clock, freshMs, load } = this.options;
    this.#refreshAt = clock.now() + REFRESH_RETRY_MS;
    const held = await load();
    this.#value = { held };
    this.#refreshAt = clock.now() + freshMs;
    return held;
  }
}
