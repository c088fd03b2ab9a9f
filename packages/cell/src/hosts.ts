import type { Provider, ProviderShape } from '@burstcell/provider';
import type { Store } from '@burstcell/store';

/** Disabling a zone takes effect on builds within this. */
const DISABLED_TTL_MS = 2_000;

/**
 * The provider's zones as nova's compute hosts: `<cell>-<zone>` unless configured, one nova-compute service and one
 * compute node each. Disabling such a service (`nova service-disable`) drains its zone.
 */
export class Hosts {
  private disabled: { readonly at: number; readonly zones: Promise<readonly string[]> } | undefined;

  constructor(
    private readonly store: Store,
    private readonly provider: Provider,
    /** What a host's name begins with, e.g. `ec2-`. */
    private readonly prefix: string,
    private readonly now: () => Date,
  ) {}

  hostOf(zone: string): string {
    return `${this.prefix}${zone}`;
  }

  zoneOf(host: string): string | null {
    return host.startsWith(this.prefix) ? host.slice(this.prefix.length) : null;
  }

  shape(): Promise<ProviderShape> {
    return this.provider.shape();
  }

  /** Zones whose service an operator has disabled or forced down. */
  disabledZones(): Promise<readonly string[]> {
    const now = this.now().getTime();
    if (this.disabled !== undefined && now - this.disabled.at < DISABLED_TTL_MS) return this.disabled.zones;
    // Kept while it is under way: the builds of a burst ask all at once.
    const reading = { at: now, zones: this.readDisabledZones() };
    this.disabled = reading;
    reading.zones.catch(() => {
      if (this.disabled === reading) this.disabled = undefined;
    });
    return reading.zones;
  }

  private async readDisabledZones(): Promise<readonly string[]> {
    const services = await this.store.hosts.services();
    return services
      .filter((service) => service.disabled || service.forced_down)
      .map((service) => this.zoneOf(service.host))
      .filter((zone) => zone !== null);
  }

  /** Called after a service was changed: the next build sees it. */
  forget(): void {
    this.disabled = undefined;
  }
}
