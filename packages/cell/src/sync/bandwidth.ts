import type { Provider, Bandwidth as Traffic } from '@burstcell/provider';
import type { ProviderInstanceRow, Store, Write } from '@burstcell/store';
import type { Log } from '../log.js';
import { BANDWIDTH_INTERVAL_MS, BANDWIDTH_PAGE, LOOP_LEASE_FACTOR } from '../timings.js';

interface BandwidthParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly holder: string;
  readonly now: () => Date;
}

/**
 * What instances sent and received in the current month goes up as nova-compute's `bandwidth_poll` would send it, where
 * the provider counts it. One replica at a time does it; the figures are sums, so a round that is lost loses nothing.
 */
export class Bandwidth {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: BandwidthParts) {}

  start(): void {
    if (this.parts.provider.bandwidth === undefined) return;
    this.timer = setInterval(() => void this.round(), BANDWIDTH_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.parts.store.leases.release('bandwidth', this.parts.holder).catch(() => undefined);
  }

  private async round(): Promise<void> {
    const { store, holder, log } = this.parts;
    try {
      if ((await store.leases.hold('bandwidth', holder, BANDWIDTH_INTERVAL_MS * LOOP_LEASE_FACTOR)) === null) return;
      await this.tellAll();
    } catch (error) {
      log.warn({ err: error }, 'bandwidth could not be read; the next round tells the same sums');
    }
  }

  /** One round over all machines that may have traffic. */
  async tellAll(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const page = await this.parts.store.providerInstances.all({
        ...(after === undefined ? {} : { after }),
        limit: BANDWIDTH_PAGE,
      });
      await this.tell(page.filter((row) => row.state !== 'terminated'));
      if (page.length < BANDWIDTH_PAGE) return;
      after = page.at(-1)?.uuid;
    }
  }

  private async tell(rows: readonly ProviderInstanceRow[]): Promise<void> {
    const { provider, store, now } = this.parts;
    if (rows.length === 0 || provider.bandwidth === undefined) return;
    const at = now();
    const since = monthOf(at);
    const traffic = await provider.bandwidth(
      rows.map((row) => row.providerId),
      since,
    );
    const writes = rows.flatMap((row) =>
      (traffic.get(row.providerId) ?? []).flatMap((each) => trafficWrites(row.uuid, each, since, at)),
    );
    if (writes.length > 0) await store.commit({ writes });
  }
}

function trafficWrites(uuid: string, { mac, bytesIn, bytesOut }: Traffic, startPeriod: Date, at: Date): readonly Write[] {
  const counters = { lastCounterIn: bytesIn, lastCounterOut: bytesOut };
  const payload = {
    uuid,
    mac,
    start_period: startPeriod.toISOString(),
    bw_in: bytesIn,
    bw_out: bytesOut,
    last_ctr_in: bytesIn,
    last_ctr_out: bytesOut,
    last_refreshed: at.toISOString(),
  };
  return [
    { write: 'set-bandwidth', uuid, mac, startPeriod, bytesIn, bytesOut, ...counters, at },
    { write: 'message', uuid, kind: 'bandwidth', payload },
  ];
}

/** nova's usage period is the calendar month unless configured (instance_usage_audit_period). */
function monthOf(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
}
