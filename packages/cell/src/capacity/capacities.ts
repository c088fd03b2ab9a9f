import type { ProviderShape } from '@burstcell/provider';
import type { Store, Usage } from '@burstcell/store';
import type { Hosts } from '../hosts.js';
import type { Log } from '../log.js';

/** What the operator allows to run here: the ceiling. */
export interface Ceiling {
  readonly instances: number;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
}

/** nova's form of a cell's capacities (nova/cells/state.py): free units by slot size, in MiB. */
export type CapacityReport = Readonly<
  Record<'ram_free' | 'disk_free', { readonly total_mb: number; readonly units_by_mb: Readonly<Record<string, number>> }>
>;

interface CapacityParts {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly log: Log;
  readonly ceiling: Ceiling;
  /** `[cells] reserve_percent`: not offered, as in nova. */
  readonly reservePercent: number;
  /** Flavor sizes the parent may look up, besides those seen in builds. */
  readonly memoryMb: readonly number[];
  readonly diskGb: readonly number[];
  /** Nothing is offered: the parent's scheduler is to send nothing. */
  readonly observeOnly: boolean;
  /** `[cells] capabilities` and the program's own. */
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
}

/** What may still be started: the least of ceiling and provider, less what runs. */
interface Headroom {
  readonly instances: number;
  readonly ramMb: number;
  readonly diskMb: number;
}

/**
 * What goes up about room. Never "infinite": the parent weighs by it, and a cloud without bounds would
 * win over every private cell. On any doubt it says zero.
 */
export class Capacities {
  constructor(private readonly parts: CapacityParts) {}

  async capabilities(): Promise<Record<string, string[]>> {
    const shape = await this.shape();
    const all = { ...this.parts.capabilities, ...(shape?.capabilities ?? {}) };
    return Object.fromEntries(Object.entries(all).map(([key, values]) => [key, [...values]]));
  }

  /** Refreshes the hosts' liveness as well: the same facts, told on another way. */
  async capacities(): Promise<CapacityReport> {
    const { store, memoryMb, diskGb } = this.parts;
    const [shape, usage, seen] = await Promise.all([this.shape(), store.instances.usage(), store.flavorSizes()]);
    const memory = sizes(
      memoryMb,
      seen.map((size) => size.memoryMb),
    );
    const disk = sizes(
      diskGb,
      seen.map((size) => size.diskGb),
    ).map((gb) => gb * 1024);
    const room = shape === null || this.parts.observeOnly ? NO_ROOM : await this.headroom(shape, usage);
    const refused = new Set(shape?.refusedMemoryMb ?? []);
    return {
      ram_free: { total_mb: room.ramMb, units_by_mb: this.units(memory, this.offered(room.ramMb), room.instances, refused) },
      disk_free: { total_mb: room.diskMb, units_by_mb: this.units(disk, this.offered(room.diskMb), room.instances) },
    };
  }

  private async shape(): Promise<ProviderShape | null> {
    try {
      return await this.parts.hosts.shape();
    } catch (error) {
      this.parts.log.warn({ err: error }, 'the provider does not answer: no capacity is offered');
      return null;
    }
  }

  private async headroom(shape: ProviderShape, usage: readonly Usage[]): Promise<Headroom> {
    const disabled = await this.parts.hosts.disabledZones();
    if (!shape.zones.some((zone) => zone.available && !disabled.includes(zone.name))) return NO_ROOM;
    const { ceiling } = this.parts;
    const { instances, vcpus, memoryMb, diskGb } = shape.headroom;
    const count = least(ceiling.instances - sum(usage, 'instances'), instances);
    // No cpu weigher exists at the parent: a spent vCPU ceiling must show in memory.
    const anyVcpu = least(ceiling.vcpus - sum(usage, 'vcpus'), vcpus) > 0 && count > 0;
    return {
      instances: anyVcpu ? count : 0,
      ramMb: anyVcpu ? least(ceiling.ramMb - sum(usage, 'memoryMb'), memoryMb) : 0,
      diskMb: anyVcpu ? least((ceiling.diskGb - sum(usage, 'diskGb')) * 1024, diskGb === null ? null : diskGb * 1024) : 0,
    };
  }

  private offered(freeMb: number): number {
    return Math.max(0, freeMb * (1 - this.parts.reservePercent / 100));
  }

  private units(slots: readonly number[], freeMb: number, instances: number, refused: ReadonlySet<number> = new Set()) {
    const of = (slot: number) => (slot === 0 || refused.has(slot) ? 0 : Math.min(instances, Math.floor(freeMb / slot)));
    return Object.fromEntries(slots.map((slot) => [String(slot), of(slot)]));
  }
}

const NO_ROOM: Headroom = { instances: 0, ramMb: 0, diskMb: 0 };

function sizes(configured: readonly number[], seen: readonly number[]): readonly number[] {
  return [...new Set([...configured, ...seen])].sort((a, b) => a - b);
}

function sum(usage: readonly Usage[], key: 'instances' | 'vcpus' | 'memoryMb' | 'diskGb'): number {
  return usage.reduce((total, each) => total + each[key], 0);
}

function least(ours: number, theirs: number | null): number {
  return Math.max(0, theirs === null ? ours : Math.min(ours, theirs));
}
