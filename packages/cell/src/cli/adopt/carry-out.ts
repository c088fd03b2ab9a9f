import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '@burstcell/store';
import { adopt } from '../../operations/adopt.js';
import { adoptionAgain, adoptionUnit } from '../../operations/adoption.js';
import { ADOPTION_POLL_MS } from '../timings.js';
import type { Wish } from './wishes.js';

/** `waiting`: recorded, and no running cell has brought it to its end yet. */
export type Outcome = 'adopted' | 'waiting' | { readonly refused: string };

/** Records what is wanted, all of each or nothing; a running cell carries it out. The same again leaves one instance. */
export async function record(store: Store, wishes: readonly Wish[]): Promise<void> {
  for (const wish of wishes) {
    const requestId = `req-${randomUUID()}`;
    const now = new Date();
    if ('adoption' in wish) await store.commit(adoptionUnit(wish.adoption, requestId, now));
    else if (!(await isUnderWay(store, wish.instance.uuid))) await store.commit(adoptionAgain(wish.instance, requestId, now));
  }
}

/** What has become of it by then. */
export async function outcomeOf(store: Store, uuid: string, until: number): Promise<Outcome> {
  while (await isUnderWay(store, uuid)) {
    if (Date.now() >= until) return 'waiting';
    await pause(ADOPTION_POLL_MS);
  }
  const last = (await store.actions.of(uuid)).find(({ action }) => action === adopt.name);
  return last?.message == null ? 'adopted' : { refused: last.message };
}

export function uuidOf(wish: Wish): string {
  return 'adoption' in wish ? wish.adoption.uuid : wish.instance.uuid;
}

async function isUnderWay(store: Store, uuid: string): Promise<boolean> {
  return (await store.operations.pending(uuid)).some(({ verb }) => verb === adopt.name);
}
