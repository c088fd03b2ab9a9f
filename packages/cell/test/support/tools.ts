import { Hosts } from '../../src/hosts.js';
import { Launcher } from '../../src/operations/launcher.js';
import type { Tools } from '../../src/operations/verb.js';
import { Secrets } from '../../src/secrets.js';
import { volumesWithoutCinder } from './no-cinder.js';

/** What operations work with, where nobody listens to what they say. */
export function coreTools({ store, provider, ...others }: Pick<Tools, 'store' | 'provider'> & Partial<Tools>): Tools {
  const now = others.now ?? (() => new Date());
  return {
    store,
    provider,
    now,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    hosts: new Hosts(store, provider, 'ec2-', now),
    launcher: new Launcher(store, provider),
    secrets: new Secrets('test'),
    volumes: volumesWithoutCinder(),
    images: null,
    securityGroups: null,
    parent: {
      deliver: async (entries) => entries.map(() => 'taken'),
      adoption: () => ({ parts: 1 }),
      publicKey: async () => null,
    },
    reclaimMs: 0,
    importDeadlineMs: 3_600_000,
    observeOnly: false,
    earlyReportMs: 0,
    capacityChanged() {},
    ...others,
  };
}
