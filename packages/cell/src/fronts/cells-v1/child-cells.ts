import { isJsonObject, type JsonObject, type JsonValue } from '@burstcell/wire';
import type { CapacityReport } from '../../capacity/capacities.js';

type Resource = keyof CapacityReport;
const RESOURCES: readonly Resource[] = ['ram_free', 'disk_free'];

/** What a child has last said of itself. */
interface ChildState {
  readonly heardAt: number;
  readonly capabilities: JsonObject;
  readonly capacities: JsonObject;
}

/**
 * The cells below ours as they describe themselves. Kept in memory as nova-cells does (nova/cells/state.py): a child says it
 * every minute, to every replica, and at once when it is asked.
 */
export class ChildCells {
  private readonly states = new Map<string, ChildState>();

  constructor(
    private readonly muteAfterMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes what a child said in `update_capabilities` or `update_capacities`. True when its capacities are not what they were. */
  heard(name: string, { capabilities, capacities }: JsonObject): boolean {
    const before = this.states.get(name);
    const after = {
      heardAt: this.now(),
      capabilities: isJsonObject(capabilities) ? capabilities : (before?.capabilities ?? {}),
      capacities: isJsonObject(capacities) ? capacities : (before?.capacities ?? {}),
    };
    this.states.set(name, after);
    return JSON.stringify(after.capacities) !== JSON.stringify(before?.capacities ?? {});
  }

  forget(name: string): void {
    this.states.delete(name);
  }

  /** It spoke once and has been silent for long. One that never spoke may just have been added. */
  isMute(name: string): boolean {
    const state = this.states.get(name);
    return state !== undefined && this.now() - state.heardAt > this.muteAfterMs;
  }

  /** Our capacities and those of the children that can be heard, key by key. */
  capacitiesWith(own: CapacityReport): CapacityReport {
    return this.audible().reduce((sum, { capacities }) => added(sum, capacities), own);
  }

  /** Our capabilities and theirs; a name's values are joined. */
  capabilitiesWith(own: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
    const all = new Map(Object.entries(own).map(([name, values]) => [name, new Set(values)]));
    for (const { capabilities } of this.audible()) {
      for (const [name, values] of Object.entries(capabilities)) {
        const known = all.get(name) ?? new Set();
        for (const value of Array.isArray(values) ? values : []) if (typeof value === 'string') known.add(value);
        all.set(name, known);
      }
    }
    return Object.fromEntries([...all].map(([name, values]) => [name, [...values]]));
  }

  private audible(): readonly ChildState[] {
    return [...this.states].filter(([name]) => !this.isMute(name)).map(([, state]) => state);
  }
}

function added(sum: CapacityReport, capacities: JsonObject): CapacityReport {
  const one = (resource: Resource) => {
    const more = isJsonObject(capacities[resource]) ? capacities[resource] : {};
    return {
      total_mb: sum[resource].total_mb + count(more.total_mb),
      units_by_mb: addedUnits(sum[resource].units_by_mb, isJsonObject(more.units_by_mb) ? more.units_by_mb : {}),
    };
  };
  return Object.fromEntries(RESOURCES.map((resource) => [resource, one(resource)])) as CapacityReport;
}

function addedUnits(units: Readonly<Record<string, number>>, more: JsonObject): Record<string, number> {
  const slots = new Set([...Object.keys(units), ...Object.keys(more)]);
  return Object.fromEntries([...slots].map((slot) => [slot, (units[slot] ?? 0) + count(more[slot])]));
}

/** A child's word is no reason to offer less than nothing, or more than a number. */
function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
