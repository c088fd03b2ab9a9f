import type { Provider, ProviderChange, ProviderNotice } from '@burstcell/provider';
import type { ProviderInstanceRow, Store, Write } from '@burstcell/store';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { AT_REST } from '../operations/machine.js';
import { EVENTS_IDLE_MS, EVENTS_PAUSE_MS, EVENTS_RETRY_MAX_MS, RETRY_FIRST_MS } from '../timings.js';
import { noticeWrites } from './notice.js';

interface EventsParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  /** Machines are due to be looked at. */
  readonly wake: () => void;
  readonly now: () => Date;
}

/**
 * Takes what the provider says has changed and lets the watcher look at once. An event is only a reason to look: it may
 * be old, come twice or be about a machine of somebody else. It is settled when the reason is recorded, so a death in
 * between makes it come again. Any number of replicas may do it; what is lost is found by the sweeps.
 */
export class Events {
  private readonly loop: Loop;
  private readonly end = new AbortController();
  private failures = 0;

  constructor(private readonly parts: EventsParts) {
    this.loop = new Loop({ name: 'events', log: parts.log, idleMs: EVENTS_RETRY_MAX_MS, round: () => this.round() });
  }

  /** Does nothing where the provider says nothing by itself. */
  start(): void {
    if (this.parts.provider.changes !== undefined) this.loop.start();
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.loop.stop();
  }

  private async round(): Promise<number> {
    try {
      const taken = await this.take();
      this.failures = 0;
      return taken === 0 ? EVENTS_IDLE_MS : EVENTS_PAUSE_MS;
    } catch (error) {
      if (this.end.signal.aborted) return 0;
      this.failures += 1;
      this.parts.log.warn({ err: error, failures: this.failures }, 'events could not be taken; sweeps find what they tell');
      return Math.min(EVENTS_RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.failures);
    }
  }

  /** Takes once what there is; answers how many. Repeat-safe. */
  async take(): Promise<number> {
    const { provider } = this.parts;
    if (provider.changes === undefined) return 0;
    const answer = await provider.changes({ signal: this.end.signal });
    if (answer.changes.length > 0) await this.record(answer.changes);
    await answer.settle();
    return answer.changes.length;
  }

  private async record(changes: readonly ProviderChange[]): Promise<void> {
    const { store, wake } = this.parts;
    const rows = await store.providerInstances.byProviderIds([...new Set(changes.map((change) => change.providerId))]);
    const looks = new Map<string, Write>();
    for (const change of changes) {
      const row = rows.get(change.providerId);
      if (row === undefined) continue;
      if (isReason(change, row)) looks.set(row.uuid, { write: 'look-soon', uuid: row.uuid, providerId: row.providerId });
      if (change.notice !== null) await this.notice(row, change.notice);
    }
    if (looks.size === 0) return;
    await store.commit({ writes: [...looks.values()] });
    wake();
  }

  private async notice(row: ProviderInstanceRow, notice: ProviderNotice): Promise<void> {
    const { store, log } = this.parts;
    const writes = await noticeWrites(this.parts, row.uuid, notice);
    if (writes.length === 0) return;
    await store.commit({ writes });
    log.warn({ uuid: row.uuid, providerId: row.providerId, notice: notice.text }, 'the provider gave notice of a machine');
  }
}

/**
 * What the row knows already is none: whatever has become of the machine since is told by an event of its own. Nor is a
 * machine on its way, since its rest is told too.
 */
function isReason({ state, notice }: ProviderChange, row: ProviderInstanceRow): boolean {
  return state === null ? notice === null : AT_REST.has(state) && state !== row.state;
}
