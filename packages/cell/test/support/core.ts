import { randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import { Hosts } from '../../src/hosts.js';
import type { Log } from '../../src/log.js';
import { Launcher } from '../../src/operations/launcher.js';
import type { Tools } from '../../src/operations/verb.js';
import { verbs } from '../../src/operations/verbs.js';
import { Worker } from '../../src/operations/worker.js';
import { Events } from '../../src/reconcile/events.js';
import { Strays } from '../../src/reconcile/strays.js';
import { Sweep } from '../../src/reconcile/sweep.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import { Secrets } from '../../src/secrets.js';

export interface CoreParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly sweepIntervalMs: number;
}

/** The parts of the core, without a front: each is started by whoever needs it. */
export function makeCore({ store, provider, log, sweepIntervalMs: intervalMs }: CoreParts) {
  const now = () => new Date();
  const holder = randomUUID();
  const tools: Tools = {
    store,
    provider,
    log,
    now,
    hosts: new Hosts(store, provider, 'ec2-', now),
    launcher: new Launcher(store, provider),
    images: null,
    secrets: new Secrets('core'),
    volumes: { providerVolumeId: async (id) => id },
    parent: { deliver: async (entries) => entries.map(() => 'taken'), publicKey: async () => null },
    reclaimMs: 0,
    earlyReportMs: 0,
    capacityChanged() {},
  };
  const watcher = new Watcher({ store, provider, log, holder, now });
  const strays = new Strays({ store, provider, log, policy: 'report', databaseSince: now(), now });
  return {
    worker: new Worker(tools, verbs, { holder, concurrency: 64 }),
    watcher,
    events: new Events({ store, provider, log, now, wake: () => watcher.wake() }),
    sweep: new Sweep({ store, provider, strays, log, holder, intervalMs, now }),
  };
}
