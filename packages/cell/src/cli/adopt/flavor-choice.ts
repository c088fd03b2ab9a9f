import type { JsonObject } from '@burstcell/store';
import { CliError } from '../cli-error.js';

/** What a flavor is chosen by; null: unknown. */
export interface Size {
  readonly vcpus: number | null;
  readonly memoryMb: number | null;
}

/**
 * The flavor nearest in vCPUs and memory, each counted in doublings, so that twice and half are as far; of equals the one
 * with less memory, then by name. Null: the size is not known, or no flavor.
 */
export function nearestFlavor(flavors: readonly JsonObject[], { vcpus, memoryMb }: Size): JsonObject | null {
  if (vcpus === null || memoryMb === null) return null;
  const ranked = flavors
    .map((flavor) => ({ flavor, far: doublings(flavor.vcpus, vcpus) + doublings(flavor.memory_mb, memoryMb) }))
    .filter(({ far }) => Number.isFinite(far))
    .sort((a, b) => a.far - b.far || Number(a.flavor.memory_mb) - Number(b.flavor.memory_mb) || byName(a.flavor, b.flavor));
  return ranked[0]?.flavor ?? null;
}

/** By name or id. Throws with the names there are: only a flavor that came with a build is known with the parent's own id. */
export function namedFlavor(flavors: readonly JsonObject[], wanted: string): JsonObject {
  const found = flavors.find(({ name, flavorid }) => name === wanted || flavorid === wanted);
  if (found !== undefined) return found;
  const known = flavors.map(({ name }) => String(name)).join(', ');
  throw new CliError(
    `flavor ${wanted} is not known here`,
    known === '' ? NONE_KNOWN : `Name one of ${known}, or boot a server of it through the parent first.`,
  );
}

export const NONE_KNOWN = 'Flavors are learnt from builds: boot a server of the wanted flavor through the parent first.';

function doublings(one: unknown, other: number): number {
  const value = Number(one);
  return value > 0 && other > 0 ? Math.abs(Math.log2(value / other)) : Number.POSITIVE_INFINITY;
}

function byName(one: JsonObject, other: JsonObject): number {
  return String(one.name) < String(other.name) ? -1 : 1;
}
