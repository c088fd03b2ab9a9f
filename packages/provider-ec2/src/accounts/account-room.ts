import type { ProviderShape } from '@burstcell/provider';
import { type Clock, sleep } from '../clock.js';
import type { Log } from '../log.js';
import { OTHER_SHAPE_WAIT_MS, REFRESH_RETRY_MS, SIZE_MEMORY_MS } from '../timings.js';

export interface AccountRoomParts {
  readonly account: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly ask: () => Promise<ProviderShape>;
}

/** The room in an account beside the cell's own, whose silence must not hold up what others ask for. */
export class AccountRoom {
  readonly #askedFor = new Map<number, number>();
  #last: ProviderShape | null = null;
  #asking: Promise<void> | undefined;
  #askAgainAt = 0;

  constructor(private readonly parts: AccountRoomParts) {}

  /** A flavor of this memory size was asked for. */
  note(memoryMb: number): void {
    this.#askedFor.set(memoryMb, this.parts.clock.now());
  }

  /** Whether somebody asked for such a flavor lately: else the account's silence about the size says nothing. */
  isAsked(memoryMb: number): boolean {
    return (this.#askedFor.get(memoryMb) ?? Number.NEGATIVE_INFINITY) > this.parts.clock.now() - SIZE_MEMORY_MS;
  }

  /** The latest, or what was known before if that takes long; null while it does not answer. Never rejects. */
  async shape(): Promise<ProviderShape | null> {
    const { clock } = this.parts;
    if (clock.now() >= this.#askAgainAt) this.#asking ??= this.#ask();
    if (this.#asking) await Promise.race([this.#asking, sleep(clock, OTHER_SHAPE_WAIT_MS)]);
    return this.#last;
  }

  async #ask(): Promise<void> {
    const { account, clock, log, ask } = this.parts;
    try {
      this.#last = await ask();
    } catch (error) {
      this.#last = null;
      this.#askAgainAt = clock.now() + REFRESH_RETRY_MS;
      log.warn('an account does not answer: no room is counted in it', { account, error });
    } finally {
      this.#asking = undefined;
    }
  }
}
