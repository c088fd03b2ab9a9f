import { KNOWN_FLAVORS } from './timings.js';
import type { Unit } from './unit.js';

/** Remembers which flavors are stored as they are, since every build brings its flavor along. */
export class KnownFlavors {
  readonly #known = new Set<string>();

  /** The unit without the flavors that are stored already. */
  without(unit: Unit): Unit {
    if (!unit.writes.some((write) => write.write === 'remember-flavor')) return unit;
    const writes = unit.writes.filter(
      (write) => write.write !== 'remember-flavor' || !this.#known.has(JSON.stringify(write.flavor)),
    );
    return { ...unit, writes };
  }

  /** After the unit was committed. */
  learn(unit: Unit): void {
    for (const write of unit.writes) {
      if (write.write !== 'remember-flavor') continue;
      if (this.#known.size >= KNOWN_FLAVORS) this.#known.clear();
      this.#known.add(JSON.stringify(write.flavor));
    }
  }
}
