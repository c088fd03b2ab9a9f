import type { Ec2Error, Ec2InstanceType, Ec2Market } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';

/** Which launches a room is for; what is left out means any. */
export interface Room {
  readonly zone?: string;
  readonly instanceType?: string;
  readonly market?: Ec2Market;
}

/** Which instances share a vCPU quota. `family`: `standard` (A, C, D, H, I, M, R, T, Z) or the letters of another one. */
export interface Quota {
  readonly market?: Ec2Market;
  readonly family?: string;
}

export interface Place {
  readonly zone: string;
  readonly type: Ec2InstanceType;
  readonly market: Ec2Market;
}

const ANY = '*';

/** How much may still be started: hardware per zone × type × market, and the account's vCPU quotas. Unset is endless. */
export class Capacity {
  readonly #rooms = new Map<string, number>();
  readonly #quotas = new Map<string, number>();
  readonly #usedVcpus = new Map<string, number>();

  /** From now on `free` more instances fit; null lifts the limit. Room comes back as they stop or end. */
  setRoom(room: Room, free: number | null): void {
    const key = roomKey(room.zone ?? ANY, room.instanceType ?? ANY, room.market ?? ANY);
    if (free === null) this.#rooms.delete(key);
    else this.#rooms.set(key, free);
  }

  /** At most `vcpus` in use at once, those in use already included; null lifts the limit. */
  setQuota(quota: Quota, vcpus: number | null): void {
    const key = quotaKey(quota.market ?? 'on-demand', quota.family ?? 'standard');
    if (vcpus === null) this.#quotas.delete(key);
    else this.#quotas.set(key, vcpus);
  }

  /** Why one more does not fit here; undefined if it does. */
  refusal(place: Place): Ec2Error | undefined {
    const quota = quotaKey(place.market, familyOf(place.type.instanceType));
    const limit = this.#quotas.get(quota);
    if (limit !== undefined && (this.#usedVcpus.get(quota) ?? 0) + place.type.vcpus > limit) return quotaRefusal(place, limit);
    return this.#roomsOf(place).some((key) => (this.#rooms.get(key) ?? 1) <= 0) ? noRoom(place) : undefined;
  }

  take(place: Place): void {
    this.#change(place, 1);
  }

  giveBack(place: Place): void {
    this.#change(place, -1);
  }

  /** Forgets limits and use. */
  clear(): void {
    this.#rooms.clear();
    this.#quotas.clear();
    this.#usedVcpus.clear();
  }

  #change(place: Place, count: number): void {
    const quota = quotaKey(place.market, familyOf(place.type.instanceType));
    this.#usedVcpus.set(quota, (this.#usedVcpus.get(quota) ?? 0) + count * place.type.vcpus);
    for (const key of this.#roomsOf(place)) {
      const free = this.#rooms.get(key);
      if (free !== undefined) this.#rooms.set(key, free - count);
    }
  }

  #roomsOf({ zone, type, market }: Place): readonly string[] {
    if (this.#rooms.size === 0) return [];
    const keys: string[] = [];
    for (const z of [zone, ANY]) {
      for (const t of [type.instanceType, ANY]) keys.push(roomKey(z, t, market), roomKey(z, t, ANY));
    }
    return keys;
  }
}

const roomKey = (zone: string, instanceType: string, market: string): string => `${zone}|${instanceType}|${market}`;
const quotaKey = (market: Ec2Market, family: string): string => `${market}|${family}`;

function familyOf(instanceType: string): string {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? '';
  return /^[acdhimrtz]$/.test(letters) ? 'standard' : letters.slice(0, 1);
}

function quotaRefusal({ market }: Place, limit: number): Ec2Error {
  if (market === 'spot') return ec2Failure('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');
  return ec2Failure(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to.`,
  );
}

function noRoom({ zone, type }: Place): Ec2Error {
  return ec2Failure(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${type.instanceType} capacity in the Availability Zone you requested (${zone}).`,
  );
}
