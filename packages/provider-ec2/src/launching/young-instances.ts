import type { Clock } from '../clock.js';
import { YOUNG_MS } from '../timings.js';

/** Machines launched a moment ago by this process: EC2 may not know them yet, which must not be taken for "gone". */
export class YoungInstances {
  readonly #until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  note(instanceIds: Iterable<string>): void {
    const now = this.clock.now();
    for (const [id, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(id);
    }
    for (const id of instanceIds) if (!this.#until.has(id)) this.#until.set(id, now + YOUNG_MS);
  }

  has(instanceId: string): boolean {
    return (this.#until.get(instanceId) ?? 0) > this.clock.now();
  }
}
