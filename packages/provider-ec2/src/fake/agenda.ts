import type { Clock } from './clock.js';

interface Entry {
  readonly dueAt: number;
  readonly serial: number;
  readonly work: () => void;
}

/** Work that falls due later, in order of time: one timer and a binary heap, however many entries wait. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #serial = 0;
  #cancelTimer: (() => void) | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  after(delayMs: number, work: () => void): void {
    this.#push({ dueAt: this.clock.now() + delayMs, serial: this.#serial++, work });
    this.#arm();
  }

  /** Runs all that is due by now; callers do this before they look at the world. */
  runDue(): void {
    for (let first = this.#heap[0]; first !== undefined && first.dueAt <= this.clock.now(); first = this.#heap[0]) {
      this.#pop();
      first.work();
    }
    this.#arm();
  }

  /** Forgets everything. */
  clear(): void {
    this.#heap.length = 0;
    this.#arm();
  }

  #arm(): void {
    const dueAt = this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY;
    if (dueAt === this.#armedFor) return;

    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#armedFor = dueAt;
    if (dueAt === Number.POSITIVE_INFINITY) return;

    this.#cancelTimer = this.clock.setTimer(() => {
      this.#armedFor = Number.POSITIVE_INFINITY;
      this.runDue();
    }, dueAt - this.clock.now());
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;

    this.#heap[0] = last;
    let at = 0;
    for (;;) {
      const child = this.#earlierChild(at);
      if (child === undefined || !this.#isBefore(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #earlierChild(at: number): number | undefined {
    const left = 2 * at + 1;
    if (left >= this.#heap.length) return undefined;
    return left + 1 < this.#heap.length && this.#isBefore(left + 1, left) ? left + 1 : left;
  }

  #isBefore(a: number, b: number): boolean {
    const one = this.#heap[a] as Entry;
    const other = this.#heap[b] as Entry;
    return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.serial < other.serial);
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a] as Entry;
    this.#heap[a] = this.#heap[b] as Entry;
    this.#heap[b] = kept;
  }
}
