import type { OutboxEntry, Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import type { ParentLink, Verdict } from '../parent-link.js';
import { IDLE_POLL_MS, OUTBOX_LEASE_MS, OUTBOX_LIMIT, OUTBOX_RETRY_MS } from '../timings.js';

interface OutboxOptions {
  readonly store: Store;
  readonly parent: ParentLink;
  readonly log: Log;
  readonly holder: string;
  /** What the parent takes in a second, all replicas together; 0 = no limit. */
  readonly perSecond: number;
}

/** Says what is due, at the parent's pace. Dying between the broker's confirm and our note says a thing twice, which parents bear. */
export class Outbox {
  private readonly loop: Loop;
  private unsubscribe: (() => void) | undefined;

  constructor(private readonly options: OutboxOptions) {
    this.loop = new Loop({ name: 'outbox', log: options.log, idleMs: IDLE_POLL_MS, round: () => this.round() });
  }

  start(): void {
    this.unsubscribe = this.options.store.onWork('outbox', () => this.loop.wake());
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    await this.loop.stop();
  }

  private async round(): Promise<number> {
    const { store, holder, perSecond } = this.options;
    const limit = perSecond === 0 ? OUTBOX_LIMIT : Math.min(OUTBOX_LIMIT, Math.max(1, perSecond));
    const entries = await store.outbox.claim({ holder, leaseMs: OUTBOX_LEASE_MS, limit });
    if (entries.length === 0) return (await store.outbox.nextDueMs()) ?? IDLE_POLL_MS;
    const pace = await this.pace(entries.length);
    if (pace.granted < entries.length) await store.outbox.putBack(entries.slice(pace.granted), pace.waitMs);
    if (pace.granted > 0) await this.say(entries.slice(0, pace.granted));
    return pace.granted < entries.length ? pace.waitMs : 0;
  }

  /** A bucket shared by all replicas: a flood is stored by the parent in any order, and partly lost (seen at real parents). */
  private async pace(want: number): Promise<{ readonly granted: number; readonly waitMs: number }> {
    const { perSecond, store } = this.options;
    if (perSecond === 0) return { granted: want, waitMs: 0 };
    const { granted, waitMs } = await store.buckets.take(
      'parent-updates',
      { capacity: perSecond, refillPerSecond: perSecond },
      want,
    );
    return { granted, waitMs: Math.max(waitMs, 1_000 / perSecond) };
  }

  private async say(entries: readonly OutboxEntry[]): Promise<void> {
    const verdicts = await this.options.parent.deliver(entries);
    const of = (wanted: (verdict: Verdict) => boolean) => entries.filter((_, index) => wanted(verdicts[index] ?? 'later'));
    const later = of((verdict) => verdict === 'later' || verdict === 'stale');
    await this.options.store.outbox.sent(of((verdict) => verdict === 'taken' || verdict === 'gone'));
    if (later.length === 0) return;
    this.options.log.warn({ entries: later.length }, 'the parent could not be told; it is tried again');
    await this.options.store.outbox.putBack(later, OUTBOX_RETRY_MS);
  }
}
