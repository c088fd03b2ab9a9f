import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '@burstcell/store';
import type { Log } from '../../log.js';
import { AWAY_RETRY_MS } from '../../timings.js';

/** Waits for the database: deliveries stay unacknowledged meanwhile, so the broker holds back the rest. */
export class Patience {
  private stopping = false;

  constructor(private readonly log: Log) {}

  /** What is still waited for is given up. */
  stop(): void {
    this.stopping = true;
  }

  /** Again and again while the database is away. Rejects with what {@link isAway} knows once the process stops. */
  async insist<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.stopping || !isAway(error)) throw error;
        this.log.warn({ err: error }, 'the database is away; deliveries wait');
        await pause(AWAY_RETRY_MS);
      }
    }
  }
}

/** Whether an error only says that the database could not be reached. */
export function isAway(error: unknown): boolean {
  return error instanceof StoreError && error.kind === 'unavailable';
}
