import type { ProviderHeadroom } from '../shape.js';
import type { Demand } from './machine.js';
import type { Room } from './options.js';

/** What is taken of a zone, or of the account, and how much there is. */
export class RoomLedger {
  limit: Room;
  #instances = 0;
  #vcpus = 0;
  #memoryMb = 0;
  #diskGb = 0;
  readonly #byMemoryMb = new Map<number, number>();

  constructor(limit: Room = {}) {
    this.limit = limit;
  }

  get instances(): number {
    return this.#instances;
  }

  fits(demand: Demand, count: number): boolean {
    const { limit } = this;
    return (
      within(limit.instances, this.#instances + count) &&
      within(limit.vcpus, this.#vcpus + demand.vcpus * count) &&
      within(limit.memoryMb, this.#memoryMb + demand.memoryMb * count) &&
      within(limit.diskGb, this.#diskGb + demand.diskGb * count) &&
      within(limit.instancesByMemoryMb?.[demand.memoryMb], this.#sized(demand.memoryMb) + count)
    );
  }

  take(demand: Demand): void {
    this.#add(demand, 1);
  }

  giveBack(demand: Demand): void {
    this.#add(demand, -1);
  }

  free(): ProviderHeadroom {
    const { limit } = this;
    return {
      instances: left(limit.instances, this.#instances),
      vcpus: left(limit.vcpus, this.#vcpus),
      memoryMb: left(limit.memoryMb, this.#memoryMb),
      diskGb: left(limit.diskGb, this.#diskGb),
    };
  }

  #sized(memoryMb: number): number {
    return this.#byMemoryMb.get(memoryMb) ?? 0;
  }

  #add(demand: Demand, sign: 1 | -1): void {
    this.#instances += sign;
    this.#vcpus += sign * demand.vcpus;
    this.#memoryMb += sign * demand.memoryMb;
    this.#diskGb += sign * demand.diskGb;
    this.#byMemoryMb.set(demand.memoryMb, this.#sized(demand.memoryMb) + sign);
  }
}

/** Zones add up, and none is bounded if one is not; the account's limit holds on top. */
export function headroomOf(zones: readonly RoomLedger[], account: RoomLedger): ProviderHeadroom {
  const perZone = zones.map((zone) => zone.free());
  const quota = account.free();
  const over = (key: keyof ProviderHeadroom) =>
    smaller(
      perZone.reduce<number | null>((sum, free) => plus(sum, free[key]), 0),
      quota[key],
    );
  return { instances: over('instances'), vcpus: over('vcpus'), memoryMb: over('memoryMb'), diskGb: over('diskGb') };
}

function within(limit: number | undefined, wanted: number): boolean {
  return limit === undefined || wanted <= limit;
}

function left(limit: number | undefined, used: number): number | null {
  return limit === undefined ? null : Math.max(0, limit - used);
}

function plus(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

function smaller(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
