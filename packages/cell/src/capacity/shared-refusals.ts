import type { Store } from '@burstcell/store';

/** Builds and reports ask all the time; what another replica has marked is known here this much later at most. */
const FRESH_MS = 1_000;

/** What the provider refused lately, by name of what was full, as all replicas know it. */
export class SharedRefusals {
  private known: { readonly at: number; readonly refusals: Promise<ReadonlyMap<string, number>> } | undefined;

  constructor(
    private readonly store: Pick<Store, 'refusals'>,
    /** The part of the cloud that they are about: names mean something within it only. */
    private readonly prefix: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Repeat-safe; known here at once. */
  async mark(key: string, untilMs: number): Promise<void> {
    await this.store.refusals.mark(this.prefix + key, new Date(untilMs));
    this.known = undefined;
  }

  /** Those that still hold, with their end. */
  current(): Promise<ReadonlyMap<string, number>> {
    if (this.known !== undefined && this.now() - this.known.at < FRESH_MS) return this.known.refusals;
    const reading = { at: this.now(), refusals: this.read() };
    this.known = reading;
    reading.refusals.catch(() => {
      if (this.known === reading) this.known = undefined;
    });
    return reading.refusals;
  }

  private async read(): Promise<ReadonlyMap<string, number>> {
    const all = await this.store.refusals.current(this.prefix);
    return new Map([...all].map(([key, until]) => [key.slice(this.prefix.length), until.getTime()]));
  }
}
