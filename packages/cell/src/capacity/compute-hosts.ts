import type { ComputeHost, Store } from '@burstcell/store';
import type { Hosts } from '../hosts.js';
import type { Log } from '../log.js';
import type { Ceiling } from './capacities.js';

/** Services are refreshed this often; a parent calls them down after 60 s (`service_down_time`). */
const REFRESH_MS = 15_000;

/** Keeps one nova-compute service and compute node a zone alive in the tables that listings are answered from. */
export class ComputeHosts {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly hosts: Hosts,
    private readonly ceiling: Ceiling,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** While the provider does not answer, the hosts grow old and the parent shows them as down, which they are. */
  private async refresh(): Promise<void> {
    try {
      await this.store.hosts.ensure(await this.wanted());
    } catch (error) {
      this.log.warn({ err: error }, 'compute hosts could not be refreshed');
    }
  }

  /** The ceiling is the cell's: each host shows its share, so that hypervisor-stats add up to it. */
  private async wanted(): Promise<readonly ComputeHost[]> {
    const shape = await this.hosts.shape();
    const share = (total: number, index: number) =>
      Math.floor(total / shape.zones.length) + (index < total % shape.zones.length ? 1 : 0);
    return shape.zones.map((zone, index) => ({
      host: this.hosts.hostOf(zone.name),
      zone: zone.name,
      hypervisorType: shape.hypervisorType,
      hypervisorVersion: shape.hypervisorVersion,
      vcpus: share(this.ceiling.vcpus, index),
      memoryMb: share(this.ceiling.ramMb, index),
      localGb: share(this.ceiling.diskGb, index),
    }));
  }
}
