import type { Clock } from '../clock.js';
import { SIZE_MEMORY_MS } from '../timings.js';
import { type Place, type RefusalKey, refusedUntil } from './unavailable.js';

interface Size {
  readonly places: readonly Place[];
  readonly notedAt: number;
}

/** Which sizes of flavor have no place left, judged by where the requests for them could have run. */
export class RefusedSizes {
  readonly #sizes = new Map<number, Map<string, Size>>();

  constructor(private readonly clock: Clock) {}

  /** Everywhere a flavor could run in this cell, whatever zone its user asked for. */
  note(memoryMb: number, flavorid: string, places: readonly Place[]): void {
    const flavors = this.#sizes.get(memoryMb) ?? new Map<string, Size>();
    flavors.set(flavorid, { places, notedAt: this.clock.now() });
    this.#sizes.set(memoryMb, flavors);
  }

  /** Memory sizes (MiB), ascending, of which every place of every flavor is refused. */
  refused(current: ReadonlyMap<RefusalKey, number>): readonly number[] {
    if (current.size === 0) return [];
    const sizes = [...this.#sizes].filter(([, flavors]) => {
      const places = this.#recent(flavors).flatMap((size) => size.places);
      return places.length > 0 && places.every((place) => refusedUntil(place, current) !== undefined);
    });
    return sizes.map(([memoryMb]) => memoryMb).sort((a, b) => a - b);
  }

  #recent(flavors: Map<string, Size>): readonly Size[] {
    const since = this.clock.now() - SIZE_MEMORY_MS;
    for (const [flavorid, size] of flavors) if (size.notedAt < since) flavors.delete(flavorid);
    return [...flavors.values()];
  }
}
