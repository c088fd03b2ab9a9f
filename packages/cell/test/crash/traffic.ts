import { setTimeout as pause } from 'node:timers/promises';
import { ApiRefusal } from '../demo-parent/api-refusal.js';
import type { DemoParent } from '../demo-parent/demo-parent.js';

export interface TrafficOptions {
  readonly parent: DemoParent;
  readonly boots: number;
  /** Spread over this time. */
  readonly durationMs: number;
  readonly random: () => number;
}

export interface Traffic {
  /** Every server that was booted. */
  readonly booted: ReadonlySet<string>;
  /** Those that a user has deleted. */
  readonly deleted: ReadonlySet<string>;
}

const SHARE_DELETED = 0.45;
/** Some deletes come before the build has said a word. */
const SHARE_DELETED_AT_ONCE = 0.15;
const SHARE_STOPPED = 0.15;
const LONGEST_LIFE_MS = 8_000;
const MAX_AT_ONCE = 4;

/** Users: they boot one or several, delete some at once and some later, stop some. Resolves when all have had their turn. */
export async function userTraffic({ parent, boots, durationMs, random }: TrafficOptions): Promise<Traffic> {
  const booted = new Set<string>();
  const deleted = new Set<string>();
  const later: Promise<void>[] = [];
  while (booted.size < boots) {
    const count = Math.min(boots - booted.size, random() < 0.2 ? 1 + Math.floor(random() * MAX_AT_ONCE) : 1);
    const uuids = await parent.api.boot({ name: `crash-${booted.size}`, count, flavor: random() < 0.5 ? 'm1.tiny' : 'm1.small' });
    for (const uuid of uuids) {
      booted.add(uuid);
      later.push(live(uuid, { parent, random, deleted }));
    }
    await pause((durationMs / boots) * count * 2 * random());
  }
  await Promise.all(later);
  return { booted, deleted };
}

/** What its user does with one server. */
async function live(uuid: string, to: { parent: DemoParent; random: () => number; deleted: Set<string> }): Promise<void> {
  const { parent, random, deleted } = to;
  const fate = random();
  const atOnce = random() < SHARE_DELETED_AT_ONCE;
  const lifeMs = random() * LONGEST_LIFE_MS;
  if (fate > SHARE_DELETED + SHARE_STOPPED) return;
  await pause(atOnce ? random() * 200 : 500 + lifeMs);
  if (fate > SHARE_DELETED) return void (await tried(() => parent.api.stop(uuid)));
  deleted.add(uuid);
  await tried(() => parent.api.delete(uuid));
}

/** A user whom the API refuses shrugs. */
async function tried(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
  }
}
