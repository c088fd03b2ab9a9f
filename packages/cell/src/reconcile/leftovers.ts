import type { Leftover, Provider } from '@burstcell/provider';
import type { Log } from '../log.js';
import { LEFTOVER_GRACE_MS, LEFTOVER_SWEEPS, STRAY_MAX_PER_SWEEP } from '../timings.js';
import type { StrayPolicy } from './strays.js';

interface LeftoverParts {
  readonly provider: Provider;
  readonly log: Log;
  /** Disks cannot be stopped: `stop` tells of them only. Addresses are given back whatever it is. */
  readonly policy: StrayPolicy;
  /** Nothing is changed at the provider: it is only told of. */
  readonly observeOnly: boolean;
  readonly now: () => Date;
}

interface Sighting {
  readonly since: number;
  readonly sweeps: number;
}

/**
 * What verbs have left at the vendor after their machines ended. Told of once it is believed; disks are deleted only where the
 * operator wants it, a day after it was first seen and few at a time. A new process begins to count anew: late rather than wrong.
 */
export class Leftovers {
  private seen = new Map<string, Sighting>();

  constructor(private readonly parts: LeftoverParts) {}

  /** One look; rejects when the provider cannot be asked. */
  async handle(): Promise<void> {
    const { provider } = this.parts;
    if (provider.leftovers === undefined) return;
    const found = await provider.leftovers();
    this.note(found);
    const sure = found.filter((leftover) => this.isOlderThan(leftover, 0));
    await this.giveBack(sure.filter(({ kind }) => kind === 'address'));
    await this.deleteDisks(sure.filter(({ kind }) => kind === undefined));
  }

  /** Nothing is lost with an address, each hour of it costs, and an account has few: as soon as it is believed. */
  private async giveBack(addresses: readonly Leftover[]): Promise<void> {
    if (addresses.length === 0) return;
    this.parts.log.warn(
      { leftovers: addresses },
      'public addresses that no machine needs any more are still there and cost money',
    );
    if (this.parts.observeOnly) return;
    for (const address of addresses) await this.remove(address).catch((err: unknown) => this.tellOfFailure(address, err));
  }

  /** One that cannot be given back keeps nothing else from being cleared away; the next sweep tries again. */
  private tellOfFailure(address: Leftover, err: unknown): void {
    this.parts.log.warn({ leftover: address, err }, 'a public address could not be given back; it goes on costing money');
  }

  private async deleteDisks(disks: readonly Leftover[]): Promise<void> {
    if (disks.length === 0) return;
    this.parts.log.warn({ leftovers: disks }, 'disks of machines that have ended are still there and cost money');
    if (this.parts.policy !== 'delete') return;
    const due = disks.filter((leftover) => this.isOlderThan(leftover, LEFTOVER_GRACE_MS));
    for (const leftover of due.slice(0, STRAY_MAX_PER_SWEEP)) await this.remove(leftover);
  }

  /** What one look does not show begins anew. */
  private note(found: readonly Leftover[]): void {
    const now = this.parts.now().getTime();
    this.seen = new Map(
      found.map(({ leftoverId }) => {
        const before = this.seen.get(leftoverId);
        return [leftoverId, { since: before?.since ?? now, sweeps: (before?.sweeps ?? 0) + 1 }];
      }),
    );
  }

  private isOlderThan({ leftoverId }: Leftover, graceMs: number): boolean {
    const sighting = this.seen.get(leftoverId);
    if (sighting === undefined || sighting.sweeps < LEFTOVER_SWEEPS) return false;
    return this.parts.now().getTime() - sighting.since >= graceMs;
  }

  private async remove(leftover: Leftover): Promise<void> {
    await this.parts.provider.deleteLeftover?.(leftover);
    const what = leftover.kind === 'address' ? 'public address given back' : 'disk of a machine that has ended deleted';
    this.parts.log.warn({ leftover }, what);
  }
}
