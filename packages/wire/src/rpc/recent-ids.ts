import { REMEMBERED_MESSAGE_IDS } from '../timings.js';

/**
 * The last few `_unique_id`s, as oslo.messaging remembers them. A help for receivers that act at once; one that
 * records what it received needs a key in its own table instead, since a redelivery can come after a restart.
 */
export class RecentIds {
  readonly #ids: string[] = [];

  constructor(private readonly size: number = REMEMBERED_MESSAGE_IDS) {}

  /** True where this id was among the last ones; remembers it. A message without id is never a repeat. */
  isRepeat(id: string | null): boolean {
    if (id === null) return false;
    if (this.#ids.includes(id)) return true;
    this.#ids.push(id);
    if (this.#ids.length > this.size) this.#ids.shift();
    return false;
  }
}
