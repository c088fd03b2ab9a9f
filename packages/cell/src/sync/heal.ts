import type { Store, Write } from '@burstcell/store';
import type { Log } from '../log.js';
import { goneWrites, report } from '../operations/endings.js';
import { LOOP_LEASE_FACTOR } from '../timings.js';

interface HealOptions {
  readonly store: Store;
  readonly log: Log;
  readonly holder: string;
  readonly intervalMs: number;
  /** Instances of a round. */
  readonly batch: number;
  /** Deleted ones are said again as long as they changed within this; 0 = never. */
  readonly deletedWithinMs: number;
  readonly now: () => Date;
}

/**
 * Says every instance's state again in slow rounds, a few a minute, each with all its fields: what a parent
 * lost is made good without anybody asking. One replica at a time does it.
 */
export class Heal {
  private timer: NodeJS.Timeout | undefined;
  private afterId = 0;
  private afterDeletedId = 0;

  constructor(private readonly options: HealOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), this.options.intervalMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.options.store.leases.release('heal', this.options.holder).catch(() => undefined);
  }

  private async round(): Promise<void> {
    const { store, holder, intervalMs, log } = this.options;
    try {
      if ((await store.leases.hold('heal', holder, intervalMs * LOOP_LEASE_FACTOR)) === null) return;
      const writes = [...(await this.living()), ...(await this.deletedLately())];
      if (writes.length > 0) await store.commit({ writes });
    } catch (error) {
      log.warn({ err: error }, 'heal round failed');
    }
  }

  private async living(): Promise<readonly Write[]> {
    const page = await this.options.store.instances.changed({ deleted: false, afterId: this.afterId, limit: this.options.batch });
    this.afterId = page.at(-1)?.id ?? 0;
    // With the flavor, so that a confirmed resize that was lost is healed too.
    return page.map((row) => report(row.uuid, 0, { flavor: true }));
  }

  private async deletedLately(): Promise<readonly Write[]> {
    const { store, deletedWithinMs, now, batch } = this.options;
    if (deletedWithinMs <= 0) return [];
    const since = new Date(now().getTime() - deletedWithinMs);
    const page = await store.instances.changed({ deleted: true, since, afterId: this.afterDeletedId, limit: batch });
    this.afterDeletedId = page.at(-1)?.id ?? 0;
    return page.filter((row) => row.deleted).flatMap((row) => goneWrites(row.uuid));
  }
}
