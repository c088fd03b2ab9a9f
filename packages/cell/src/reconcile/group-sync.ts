import { kindOf, type Provider } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import type { SecurityGroupService } from '../security-groups.js';
import { LOOP_LEASE_FACTOR } from '../timings.js';

interface GroupSyncParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly service: SecurityGroupService;
  readonly log: Log;
  readonly holder: string;
  readonly intervalMs: number;
}

const LEASE = 'security-groups';

/** Brings the provider's security groups along when those of the network service change. One replica at a time does it. */
export class GroupSync {
  private readonly loop: Loop;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: GroupSyncParts) {
    const { log, intervalMs } = parts;
    this.loop = new Loop({ name: LEASE, log, idleMs: intervalMs, round: () => this.round() });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop.stop();
    await this.parts.store.leases.release(LEASE, this.parts.holder).catch(() => undefined);
  }

  private async round(): Promise<number> {
    const { store, holder, intervalMs } = this.parts;
    if ((await store.leases.hold(LEASE, holder, intervalMs * LOOP_LEASE_FACTOR)) !== null) await this.sync();
    return intervalMs;
  }

  /** One pass; what it could not do is done by a later one. */
  async sync(): Promise<void> {
    const { provider, service, log } = this.parts;
    const { signal } = this.stopping;
    try {
      const came = await provider.syncSecurityGroups?.((ids) => service.byIds(ids, signal), { signal });
      if (came !== undefined && came.changed + came.deleted + came.failed > 0)
        log.info({ ...came }, 'security groups brought along');
    } catch (error) {
      if (!signal.aborted)
        log.warn({ kind: kindOf(error), err: error }, 'security groups could not be brought along; the rules stay as they are');
    }
  }
}
