import { type Clock, systemClock } from '../clock.js';
import type { RefusalScope } from '../limits/error-table.js';
import type { Ec2Market } from '../ports/ec2-api.js';

/** What was refused: one name per thing that can be full. */
export type RefusalKey = string;

/**
 * Remembers for a while what EC2 refused. {@link LocalRefusals} remembers for one process;
 * replicas want one that they share.
 */
export interface Refusals {
  /** Repeat-safe; a later `untilMs` (epoch) wins. */
  mark(key: RefusalKey, untilMs: number): void | Promise<void>;
  /** Those still remembered, with their end. Cheap: asked for at every build and capacity report. */
  current(): ReadonlyMap<RefusalKey, number> | Promise<ReadonlyMap<RefusalKey, number>>;
}

export class LocalRefusals implements Refusals {
  readonly #until = new Map<RefusalKey, number>();

  constructor(private readonly clock: Clock = systemClock) {}

  mark(key: RefusalKey, untilMs: number): void {
    this.#until.set(key, Math.max(untilMs, this.#until.get(key) ?? 0));
  }

  current(): ReadonlyMap<RefusalKey, number> {
    const now = this.clock.now();
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
    return this.#until;
  }
}

/** One place and way to run, as far as refusals care. */
export interface Place {
  readonly instanceType: string;
  readonly zone: string;
  readonly market: Ec2Market;
  readonly subnetId: string;
}

/** All names under which a place may have been refused. The account's is not among them: see {@link RefusalScope}. */
export function refusalKeys(place: Place): readonly RefusalKey[] {
  return (['offering', 'subnet', 'quota'] as const).map((scope) => refusalKey(scope, place));
}

export function refusalKey(scope: RefusalScope, place: Place): RefusalKey {
  switch (scope) {
    case 'offering':
      return `offering/${place.market}/${place.zone}/${place.instanceType}`;
    case 'subnet':
      return `subnet/${place.subnetId}`;
    case 'quota':
      return `quota/${place.market}/${quotaClass(place.instanceType)}`;
    case 'account':
      return 'account';
  }
}

/** End of the refusal that stands against a place; undefined when there is none. */
export function refusedUntil(place: Place, current: ReadonlyMap<RefusalKey, number>): number | undefined {
  const ends = refusalKeys(place).flatMap((key) => current.get(key) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** Families that share one vCPU quota (AWS: "Amazon EC2 instance type quotas", Standard: A, C, D, H, I, M, R, T, Z). */
export function quotaClass(instanceType: string): string {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? instanceType;
  return /^(a|c|d|h|i|m|r|t|z|im|is)$/.test(letters) ? 'standard' : letters;
}
