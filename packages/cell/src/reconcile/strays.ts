import type { Provider, ProviderInstance } from '@burstcell/provider';
import type { Store, StrayRow } from '@burstcell/store';
import type { Log } from '../log.js';
import { STRAY_BRAKE_SHARE, STRAY_GRACE_MS, STRAY_MAX_PER_SWEEP, STRAY_QUARANTINE_MS, STRAY_SWEEPS } from '../timings.js';

/** - `report`: tell. - `stop`: tell, and stop them. - `delete`: stop them, and end them after the quarantine. */
export type StrayPolicy = 'report' | 'stop' | 'delete';

interface StrayParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly policy: StrayPolicy;
  /** When this database's life began: nothing older can be its stray. */
  readonly databaseSince: Date;
  readonly now: () => Date;
}

/**
 * Machines that carry our mark and that no row knows: somebody pays for them. Believed only after several sweeps
 * and a grace longer than any build; stopped before they are ended; few at a time; and not at all when the mark is
 * older than the database, which then is the one that has lost its memory.
 */
export class Strays {
  constructor(private readonly parts: StrayParts) {}

  /** `machines`: unknown ones of a complete sweep; `total`: all that it saw. */
  async handle(machines: readonly ProviderInstance[], total: number): Promise<void> {
    const { store, log, databaseSince } = this.parts;
    const known = await store.strays.seen(machines.map(strayOf));
    const seen = new Set(machines.map((machine) => machine.providerId));
    await store.strays.forget(known.filter((stray) => !seen.has(stray.providerId)).map((stray) => stray.providerId));

    const sure = known.filter((stray) => seen.has(stray.providerId) && this.isSure(stray));
    if (sure.length === 0) return;
    const facts = { strays: sure.map((stray) => stray.providerId), total };
    log.error(facts, 'machines carry the mark of this cell and no instance knows them');
    if (sure.some((stray) => stray.launchedAt !== null && stray.launchedAt < databaseSince)) {
      log.error(facts, 'some of them are older than this database: nothing is done about any');
      return;
    }
    // What somebody else started was only lent to us: it is told, and never touched.
    const adopted = new Set(machines.filter((machine) => machine.isAdopted === true).map((machine) => machine.providerId));
    const launched = sure.filter((stray) => !adopted.has(stray.providerId));
    if (launched.length > 0) await this.act(launched, total);
  }

  private isSure({ launchedAt, firstSeenAt, sweeps }: StrayRow): boolean {
    const since = Math.max(launchedAt?.getTime() ?? 0, firstSeenAt.getTime());
    return sweeps >= STRAY_SWEEPS && this.parts.now().getTime() - since > STRAY_GRACE_MS;
  }

  private async act(strays: readonly StrayRow[], total: number): Promise<void> {
    const { policy, log } = this.parts;
    if (policy === 'report') return;
    if (strays.length > Math.max(STRAY_MAX_PER_SWEEP, total * STRAY_BRAKE_SHARE)) {
      log.error({ strays: strays.length, total }, 'too many strays for a machine to judge: a person must look');
      return;
    }
    for (const stray of strays.slice(0, STRAY_MAX_PER_SWEEP)) await this.actOn(stray);
  }

  private async actOn(stray: StrayRow): Promise<void> {
    const { provider, store, policy, log, now } = this.parts;
    const { providerId, quarantinedAt } = stray;
    if (quarantinedAt === null) {
      if (stray.state === 'running') await provider.stop(providerId);
      await store.strays.mark(providerId, 'quarantined');
      log.warn({ providerId }, 'stray machine stopped');
      return;
    }
    if (policy !== 'delete' || stray.endedAt !== null || now().getTime() - quarantinedAt.getTime() < STRAY_QUARANTINE_MS) return;
    await provider.terminate(providerId);
    await store.strays.mark(providerId, 'ended');
    log.warn({ providerId }, 'stray machine ended');
  }
}

function strayOf({ providerId, zone, state, launchedAt }: ProviderInstance) {
  return { providerId, zone, state, launchedAt: launchedAt === null ? null : new Date(launchedAt) };
}
