import type { Provider, ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow, Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { AT_REST, machineOf } from '../operations/machine.js';
import { LOOP_LEASE_FACTOR, MISSED_SWEEPS, NOT_FOUND_GRACE_MS, SWEEP_PAGE } from '../timings.js';
import { FirstPasswords } from './first-passwords.js';
import type { Leftovers } from './leftovers.js';
import { isNews, outsideWrites } from './outside.js';
import type { Strays } from './strays.js';

interface SweepParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly strays: Strays;
  readonly leftovers: Leftovers;
  readonly log: Log;
  readonly holder: string;
  readonly intervalMs: number;
  readonly now: () => Date;
}

/**
 * Compares all that the provider has with all that the rows say: the proof behind the watcher's glimpses. The
 * provider is listed first and the rows read after, so that what is being built meanwhile is not taken for a stray.
 */
export class Sweep {
  private timer: NodeJS.Timeout | undefined;
  /** Complete sweeps in a row that did not see a machine. */
  private readonly missed = new Map<string, number>();
  private readonly passwords: FirstPasswords;

  constructor(private readonly parts: SweepParts) {
    this.passwords = new FirstPasswords(parts);
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), this.parts.intervalMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.parts.store.leases.release('sweep', this.parts.holder).catch(() => undefined);
  }

  private async round(): Promise<void> {
    const { store, holder, intervalMs, log } = this.parts;
    try {
      if ((await store.leases.hold('sweep', holder, intervalMs * LOOP_LEASE_FACTOR)) === null) return;
      await this.sweep();
    } catch (error) {
      log.warn({ err: error }, 'a sweep did not come to its end; nothing is concluded from it');
    }
  }

  /** One complete sweep. Rejects when a page could not be had: then nothing is concluded. */
  async sweep(): Promise<void> {
    const began = this.parts.now();
    const seen = await this.everyMachine();
    const unknown = new Map(seen);
    let after: string | undefined;
    for (;;) {
      const rows = await this.parts.store.providerInstances.all({ ...(after === undefined ? {} : { after }), limit: SWEEP_PAGE });
      await Promise.all(rows.map((row) => this.compare(row, seen.get(row.providerId), began)));
      await this.passwords.bring(rows);
      for (const row of rows) unknown.delete(row.providerId);
      if (rows.length < SWEEP_PAGE) break;
      after = rows.at(-1)?.uuid;
    }
    const strays = [...unknown.values()].filter((machine) => machine.state !== 'terminated' && machine.state !== 'terminating');
    await this.parts.strays.handle(strays, seen.size);
    await this.parts.leftovers.handle();
  }

  private async everyMachine(): Promise<ReadonlyMap<string, ProviderInstance>> {
    const all = new Map<string, ProviderInstance>();
    let next: string | undefined;
    do {
      const page = await this.parts.provider.list(next);
      for (const machine of page.instances) all.set(machine.providerId, machine);
      next = page.next;
    } while (next !== undefined);
    return all;
  }

  private async compare(row: ProviderInstanceRow, seen: ProviderInstance | undefined, began: Date): Promise<void> {
    const machine = seen === undefined ? await this.unseen(row, began) : this.sighted(row, seen);
    if (machine === null || row.nextLookAt !== null || !isNews(row, machine)) return;
    await this.parts.store.commit({ writes: outsideWrites(this.parts, row, machine) });
  }

  private sighted(row: ProviderInstanceRow, seen: ProviderInstance): ProviderInstance | null {
    this.missed.delete(row.providerId);
    return AT_REST.has(seen.state) ? seen : null;
  }

  /** Not found is believed late: after the grace, and after several complete sweeps that began after it. */
  private async unseen(row: ProviderInstanceRow, began: Date): Promise<ProviderInstance | null> {
    if (row.state === 'terminated' || began.getTime() - row.createdAt.getTime() < NOT_FOUND_GRACE_MS) return null;
    const times = (this.missed.get(row.providerId) ?? 0) + 1;
    this.missed.set(row.providerId, times);
    if (times < MISSED_SWEEPS) return null;
    const found = await this.askedFor(row);
    if (found !== undefined) return found && this.sighted(row, found);
    this.missed.delete(row.providerId);
    return { ...machineOf(row), state: 'terminated', reason: 'The provider does not know this machine any more.' };
  }

  /** What cannot be listed may be beyond reach, and then the provider says so: null. Undefined when it is gone. */
  private async askedFor({ providerId }: ProviderInstanceRow): Promise<ProviderInstance | null | undefined> {
    const { provider, log } = this.parts;
    try {
      return (await provider.describe([providerId])).get(providerId);
    } catch (err) {
      log.warn({ providerId, err }, 'a machine is missing and cannot be asked for; it is not taken for gone');
      return null;
    }
  }
}
