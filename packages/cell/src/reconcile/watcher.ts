import type { Provider, ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow, Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { AT_REST, isAwaited, looksOf, machineOf, observedWrite } from '../operations/machine.js';
import { IDLE_POLL_MS, LOOK_LIMIT, LOOP_LEASE_FACTOR, NOT_FOUND_GRACE_MS } from '../timings.js';
import { isNews, outsideWrites } from './outside.js';

/** Looks without a change after which nothing is awaited any more; the operation's own deadline has passed by then. */
const MAX_LOOKS = 200;
/** The same where the provider said that there is something to be seen: its reads lag behind its events by seconds. */
const MAX_LOOKS_AT_REST = 5;

interface WatcherOptions {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly holder: string;
  readonly now: () => Date;
}

/**
 * Looks at machines whose state is about to change, many in one request, and wakes the operations
 * that wait for them; what no operation waits for was done outside of nova. One replica at a time does it; which one does not matter.
 */
export class Watcher {
  private readonly loop: Loop;

  constructor(private readonly options: WatcherOptions) {
    this.loop = new Loop({ name: 'watcher', log: options.log, idleMs: IDLE_POLL_MS, round: () => this.round() });
  }

  start(): void {
    this.loop.start();
  }

  /** Something is due now. */
  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.options.store.leases.release('watcher', this.options.holder);
  }

  private async round(): Promise<number> {
    const { store, holder } = this.options;
    if ((await store.leases.hold('watcher', holder, IDLE_POLL_MS * LOOP_LEASE_FACTOR)) === null) return IDLE_POLL_MS;
    return this.look();
  }

  /** Looks once at all that are due; answers in how many ms the next will be. Repeat-safe. */
  async look(): Promise<number> {
    const { store, provider, log } = this.options;
    const due = await store.providerInstances.due(LOOK_LIMIT);
    if (due.length === 0) return (await store.providerInstances.nextDueMs()) ?? IDLE_POLL_MS / 4;
    const unknown = new Set<string>();
    const onUnknown = (providerIds: readonly string[], err: unknown) => {
      for (const id of providerIds) unknown.add(id);
      log.warn({ providerIds, err }, 'nothing could be found out about some machines; they are looked at again later');
    };
    const ids = due.map((row) => row.providerId);
    const seen = await provider.describe(ids, { onUnknown });
    const found = (row: ProviderInstanceRow) => (unknown.has(row.providerId) ? machineOf(row) : seen.get(row.providerId));
    await Promise.all(due.map((row) => this.note(row, found(row))));
    return 0;
  }

  private async note(row: ProviderInstanceRow, seen: ProviderInstance | undefined): Promise<void> {
    const { store, now } = this.options;
    const at = now();
    const machine = row.state === 'terminating' ? await this.ending(row, seen, at) : (seen ?? unseen(row, at));
    const awaited = isAwaited(row);
    const rests = AT_REST.has(machine.state);
    const news = awaited ? machine.state !== row.state : isNews(row, machine);
    const looks = news ? 0 : looksOf(row) + 1;
    const most = awaited || !rests ? MAX_LOOKS : MAX_LOOKS_AT_REST;
    const goesOn = news ? !rests : row.state === 'terminating' || looks < most;
    const isOutside = news && rests && (!awaited || (await this.isForsaken(row)));
    const seenWrites = isOutside
      ? outsideWrites(this.options, row, machine)
      : [observedWrite(row, machine, at, goesOn ? looks : null)];
    await store.commit({ writes: [...seenWrites, ...(news ? [{ write: 'wake-operations', uuid: row.uuid } as const] : [])] });
  }

  /** What waited for it has run out of time: nobody else would tell the instance. */
  private async isForsaken(row: ProviderInstanceRow): Promise<boolean> {
    return row.state !== 'terminating' && (await this.options.store.operations.pending(row.uuid)).length === 0;
  }

  /** A machine we ordered to end: an order about a very young one can be lost, so it is given again until the end is seen. */
  private async ending(row: ProviderInstanceRow, seen: ProviderInstance | undefined, at: Date): Promise<ProviderInstance> {
    const machine = seen ?? unseen(row, at);
    if (machine.state === 'terminated' || machine.state === 'terminating') return machine;
    await this.options.provider.terminate(row.providerId);
    return { ...machine, state: 'terminating' };
  }
}

/**
 * "Not found" is believed only of a machine that is old enough (AWS: reads lag behind launches by up to minutes), and that
 * was ending or that an operation waits for; else the sweeps decide.
 */
function unseen(row: ProviderInstanceRow, at: Date): ProviderInstance {
  const known = machineOf(row);
  if (row.state !== 'terminating' && !isAwaited(row)) return known;
  if (at.getTime() - row.createdAt.getTime() < NOT_FOUND_GRACE_MS) return known;
  return { ...known, state: 'terminated', reason: 'The provider does not know this machine any more.' };
}
