import { type Dialect, dialectOf, RELEASES, type Release } from '@burstcell/wire';

/**
 * The release that is spoken to the parent: the configured one, or (`parent_release = auto`) the one it was recognised as.
 * With `auto` it changes while the process runs, so `dialect` is read at each use.
 */
export class SpokenRelease {
  private possible: readonly Release[];
  private spoken: Release;

  /** `configured` null: to be found out; until then `assumed` is spoken. */
  constructor(
    readonly configured: Release | null,
    assumed: Release,
  ) {
    this.spoken = configured ?? assumed;
    this.possible = configured === null ? RELEASES : [configured];
  }

  get dialect(): Dialect {
    return dialectOf(this.spoken);
  }

  get release(): Release {
    return this.spoken;
  }

  /** What the parent may be, oldest first. */
  get candidates(): readonly Release[] {
    return this.possible;
  }

  /**
   * Whether all that the parent may still be read the same reports. Before that nothing is said about instances: a parent
   * loses what it cannot read, and some of them break a listing over it.
   */
  get isSettled(): boolean {
    return new Set(this.possible.map(formOfReports)).size === 1;
  }

  /**
   * The parent is one of these. True when another release is spoken from now on: the oldest of them, since each reads what
   * an older one of the same form was sent.
   */
  narrow(candidates: readonly Release[]): boolean {
    const [oldest] = candidates;
    if (this.configured !== null || oldest === undefined) return false;
    this.possible = candidates;
    if (oldest === this.spoken) return false;
    this.spoken = oldest;
    return true;
  }
}

/** What of a dialect decides whether a report to one release is also right for another. */
function formOfReports(release: Release): string {
  const { instancePayload, flavorCarrier, needsLaunchedAt, multiCreateNames, tidiesApiDatabase } = dialectOf(release);
  return [instancePayload, flavorCarrier, needsLaunchedAt, multiCreateNames, tidiesApiDatabase].join();
}
