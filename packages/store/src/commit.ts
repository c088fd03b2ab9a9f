import type pg from 'pg';
import { runBatch } from './batch.js';
import { contentionPause } from './contention.js';
import { StoreError } from './errors.js';
import { guardKey } from './guards.js';
import { KnownFlavors } from './known-flavors.js';
import { toStoreError, troubleOf } from './pg-errors.js';
import type { WorkSort } from './sql-statement.js';
import { CONTENTION_RETRIES, MAX_BATCH_UNITS, MAX_TRANSACTIONS, SECOND_TRANSACTION_UNITS } from './timings.js';
import type { CommitResult, Unit } from './unit.js';
import { kindOf } from './writes/registry.js';
import type { WriteContext } from './writes/write-kind.js';

interface Entry {
  readonly unit: Unit;
  readonly keys: readonly string[];
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitterOptions {
  /** Connections of its own, as many as {@link MAX_TRANSACTIONS}, pipelined. */
  readonly pool: pg.Pool;
  readonly context: WriteContext;
  /** Work was committed. */
  readonly onWork: (sort: WorkSort) => void;
}

/**
 * Gathers units that arrive while a transaction is under way and commits them together. Units that share a key (an
 * instance, an operation, a message, a launch) are committed one after the other, in the order they came.
 */
export class GroupCommitter {
  readonly #options: CommitterOptions;
  readonly #flavors = new KnownFlavors();
  #queue: Entry[] = [];
  readonly #running = new Set<readonly Entry[]>();
  #isScheduled = false;
  #closed: (() => void) | null = null;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** See {@link Unit}. Rejects with `bad-value` for this unit alone, with `unavailable` when it may or may not have taken. */
  async commit(unit: Unit): Promise<CommitResult> {
    if (this.#closed !== null) throw new StoreError('unavailable', 'the store is closed');
    const known = this.#flavors.without(unit);
    for (const write of known.writes) kindOf(write).check?.(write);
    const keys = keysOf(known);
    if (known.writes.length === 0 && keys.length === 0) return 'done';
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit: known, keys, resolve, reject });
      this.#schedule();
    });
  }

  /** Takes no more units; resolves when all it has are settled. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#schedule();
    });
  }

  /** Once per turn of the event loop, so that units which arrived in one read of a socket go together. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#mayBegin()) {
      const entries = this.#take();
      if (entries.length === 0) break;
      this.#running.add(entries);
      void this.#settle(entries, 0).then(() => {
        this.#running.delete(entries);
        this.#schedule();
      });
    }
    if (this.#queue.length === 0 && this.#running.size === 0) this.#closed?.();
  }

  #mayBegin(): boolean {
    if (this.#queue.length === 0 || this.#running.size >= MAX_TRANSACTIONS) return false;
    return this.#running.size === 0 || this.#queue.length >= SECOND_TRANSACTION_UNITS;
  }

  /** The first units that touch nothing of what is running, of each other, or of a unit that has to wait. */
  #take(): readonly Entry[] {
    const busy = new Set([...this.#running].flatMap((entries) => entries.flatMap((entry) => entry.keys)));
    const taken: Entry[] = [];
    const left: Entry[] = [];
    let looked = 0;
    for (const entry of this.#queue) {
      if (taken.length === MAX_BATCH_UNITS) break;
      looked += 1;
      (entry.keys.some((key) => busy.has(key)) ? left : taken).push(entry);
      for (const key of entry.keys) busy.add(key);
    }
    this.#queue = [...left, ...this.#queue.slice(looked)];
    return taken;
  }

  /** Never rejects: every entry gets its own answer. */
  async #settle(entries: readonly Entry[], tries: number): Promise<void> {
    try {
      await this.#run(entries);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'contention' && tries < CONTENTION_RETRIES) {
        await contentionPause(tries);
        return this.#settle(entries, tries + 1);
      }
      if (entries.length > 1 && (trouble === 'bad-value' || trouble === 'bug')) return this.#settleHalves(entries);
      for (const entry of entries) entry.reject(toStoreError(error));
    }
  }

  /** A value of one of them was refused: halving finds it in few transactions, and the others go through. */
  async #settleHalves(entries: readonly Entry[]): Promise<void> {
    const middle = Math.ceil(entries.length / 2);
    await this.#settle(entries.slice(0, middle), 0);
    await this.#settle(entries.slice(middle), 0);
  }

  async #run(entries: readonly Entry[]): Promise<void> {
    const { pool, context, onWork } = this.#options;
    const units = entries.map((entry) => entry.unit);
    const { results, woken } = await runBatch(pool, units, context);
    for (const [index, entry] of entries.entries()) {
      const result = results[index] ?? 'conflict';
      if (result === 'done') this.#flavors.learn(entry.unit);
      entry.resolve(result);
    }
    for (const sort of woken) onWork(sort);
  }
}

/** What the unit touches. */
export function keysOf(unit: Unit): readonly string[] {
  const keys = new Set((unit.guards ?? []).map(guardKey));
  for (const write of unit.writes) for (const key of kindOf(write).keys(write)) keys.add(key);
  return [...keys];
}
