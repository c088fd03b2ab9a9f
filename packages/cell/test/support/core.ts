import { randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import type { Log } from '../../src/log.js';
import { verbs } from '../../src/operations/verbs.js';
import { Worker } from '../../src/operations/worker.js';
import { Events } from '../../src/reconcile/events.js';
import { Leftovers } from '../../src/reconcile/leftovers.js';
import { Strays } from '../../src/reconcile/strays.js';
import { Sweep } from '../../src/reconcile/sweep.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import { coreTools } from './tools.js';

export interface CoreParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly sweepIntervalMs: number;
}

/** The parts of the core, without a front: each is started by whoever needs it. */
export function makeCore({ store, provider, log, sweepIntervalMs: intervalMs }: CoreParts) {
  const holder = randomUUID();
  const tools = coreTools({ store, provider, log });
  const { now } = tools;
  const watcher = new Watcher({ store, provider, log, holder, now });
  const strays = new Strays({ store, provider, log, policy: 'report', databaseSince: now(), now });
  const leftovers = new Leftovers({ provider, log, policy: 'report', observeOnly: false, now });
  return {
    worker: new Worker(tools, verbs, { holder, concurrency: 64 }),
    watcher,
    events: new Events({ store, provider, log, now, wake: () => watcher.wake() }),
    sweep: new Sweep({ store, provider, strays, leftovers, log, holder, intervalMs, now }),
  };
}
