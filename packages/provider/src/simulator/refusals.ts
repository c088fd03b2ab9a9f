import { REFUSAL_MEMORY_MS } from '../timings.js';
import type { Clock } from './clock.js';

/** Which zones had no room for which memory size lately. Each provider has its own memory, as each process would. */
export class Refusals {
  /** Memory size (MiB) → zone → until when (ms since the epoch). */
  readonly #until = new Map<number, Map<string, number>>();

  constructor(private readonly clock: Clock) {}

  remember(zones: readonly string[], memoryMb: number): void {
    const until = this.#until.get(memoryMb) ?? new Map<string, number>();
    for (const zone of zones) until.set(zone, this.clock.now() + REFUSAL_MEMORY_MS);
    this.#until.set(memoryMb, until);
  }

  isRefused(zone: string, memoryMb: number): boolean {
    const until = this.#until.get(memoryMb)?.get(zone);
    return until !== undefined && this.clock.now() < until;
  }

  /** Sizes that none of these zones has room for. */
  sizesRefusedBy(zones: readonly string[]): number[] {
    const sizes = [...this.#until.keys()];
    return sizes.filter((size) => zones.every((zone) => this.isRefused(zone, size))).toSorted((one, other) => one - other);
  }
}
