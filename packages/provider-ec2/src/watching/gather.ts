import { abortable, type Clock } from '../clock.js';

export interface GatherOptions<R> {
  /** Longest time a question waits for the call before it to end. */
  readonly maxWaitMs: number;
  readonly maxKeys: number;
  readonly clock: Clock;
  /**
   * One call for many keys; a key missing in the answer has no result. A rejection reaches
   * all who asked. The signal ends it when nobody waits any more.
   */
  readonly run: (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, R>>;
}

/** Questions that travel together. */
class Batch<R> {
  /** How many wait for each key. */
  readonly keys = new Map<string, number>();
  readonly answer: Promise<ReadonlyMap<string, R>>;
  readonly #abort = new AbortController();
  #start: () => void = () => {};
  #hasLeft = false;

  constructor(run: GatherOptions<R>['run']) {
    const leaving = new Promise<void>((resolve) => {
      this.#start = resolve;
    });
    this.answer = leaving.then(() => run([...this.keys.keys()], this.#abort.signal));
    this.answer.catch(() => {});
  }

  add(key: string): void {
    this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#start();
  }

  /** One caller waits no longer: what only it asked for is not asked, or not waited for. */
  withdraw(keys: readonly string[]): void {
    for (const key of keys) {
      const others = (this.keys.get(key) ?? 1) - 1;
      if (others > 0) this.keys.set(key, others);
      else this.keys.delete(key);
    }
    if (this.#hasLeft && this.keys.size === 0) this.#abort.abort();
  }
}

/**
 * Gathers questions into few calls without making a lone one wait: it leaves in the next
 * turn of the event loop, and those that come while a call is under way leave together when
 * that ends, after `maxWaitMs`, or when they are `maxKeys`. So the slower the answers, a wait
 * for the budget included, the larger the calls.
 */
export class Gatherer<R> {
  #open: Batch<R> | undefined;
  #underWay = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(private readonly options: GatherOptions<R>) {}

  /** Results by key. Rejects with the signal's reason when it is aborted first. */
  async ask(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, R>> {
    signal?.throwIfAborted();
    const parts = await Promise.all([...this.#enqueue(new Set(keys))].map(([batch, own]) => waitFor(batch, own, signal)));
    return new Map(parts.flat());
  }

  #enqueue(keys: ReadonlySet<string>): ReadonlyMap<Batch<R>, string[]> {
    const batches = new Map<Batch<R>, string[]>();
    for (const key of keys) {
      const batch = this.#add(key);
      const own = batches.get(batch);
      if (own) own.push(key);
      else batches.set(batch, [key]);
    }
    return batches;
  }

  #add(key: string): Batch<R> {
    const batch = this.#open ?? this.#newBatch();
    batch.add(key);
    if (batch.keys.size >= this.options.maxKeys) this.#send(batch);
    return batch;
  }

  #newBatch(): Batch<R> {
    const batch = new Batch(this.options.run);
    this.#open = batch;
    if (this.#underWay === 0) setImmediate(() => this.#send(batch));
    else this.#cancelTimer = this.options.clock.setTimer(() => this.#send(batch), this.options.maxWaitMs);
    return batch;
  }

  #send(batch: Batch<R> | undefined): void {
    if (!batch || this.#open !== batch) return;
    this.#open = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (batch.keys.size === 0) return;

    this.#underWay += 1;
    batch.leave();
    batch.answer.then(
      () => this.#landed(),
      () => this.#landed(),
    );
  }

  #landed(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#send(this.#open);
  }
}

async function waitFor<R>(batch: Batch<R>, keys: readonly string[], signal?: AbortSignal): Promise<[string, R][]> {
  const onAbort = () => batch.withdraw(keys);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await abortable(batch.answer, signal);
    return keys.flatMap((key) => pairOf(answer, key));
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function pairOf<R>(answer: ReadonlyMap<string, R>, key: string): [string, R][] {
  const result = answer.get(key);
  return result === undefined ? [] : [[key, result]];
}
