import type { Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { LOOP_LEASE_FACTOR, PURGE_INTERVAL_MS } from '../timings.js';

/** Removes now and then what is past keeping: seen messages, finished operations, old rejected messages. */
export class Janitor {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly holder: string,
    private readonly now: () => Date,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), PURGE_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    try {
      if ((await this.store.leases.hold('janitor', this.holder, PURGE_INTERVAL_MS * LOOP_LEASE_FACTOR)) === null) return;
      const removed = await this.store.purge(this.now());
      this.log.debug({ removed }, 'old rows removed');
    } catch (error) {
      this.log.warn({ err: error }, 'old rows could not be removed');
    }
  }
}
