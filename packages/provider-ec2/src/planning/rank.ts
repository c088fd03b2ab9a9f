import type { Ec2InstanceType } from '../ports/ec2-api.js';

/**
 * Rough on-demand price of a type in US dollars an hour, from its size alone: fitted by eye to
 * the m5, c5 and r5 families of us-east-1. Good enough to order types, never to bill.
 */
export function estimatedPrice(type: Ec2InstanceType): number {
  const bySize = type.vcpus * 0.036 + (type.memoryMb / 1024) * 0.0035 + type.gpus * 0.35;
  const shared = type.burstable ? 0.85 : 1;
  const arm = type.architectures.includes('arm64') ? 0.8 : 1;
  return bySize * shared * arm;
}

/** US dollars an hour, for ordering only. */
export type PriceOf = (type: Ec2InstanceType) => number;

/** Cheapest first; among equals the preferred families, then plain ones before variants (m5 before m5dn). */
function byPrice(preferredFamilies: readonly string[], priceOf: PriceOf): (a: Ec2InstanceType, b: Ec2InstanceType) => number {
  const preference = (type: Ec2InstanceType) => {
    const at = preferredFamilies.indexOf(familyOf(type.instanceType));
    return at === -1 ? preferredFamilies.length : at;
  };
  return (a, b) =>
    priceOf(a) - priceOf(b) ||
    preference(a) - preference(b) ||
    familyOf(a.instanceType).length - familyOf(b.instanceType).length ||
    a.instanceType.localeCompare(b.instanceType);
}

/** A catalogue in that order. Sorted once for each way to price: it serves every boot until it is read anew. */
export function cheapestFirst(
  types: ReadonlyMap<string, Ec2InstanceType>,
  preferredFamilies: readonly string[],
  priceOf: PriceOf = estimatedPrice,
): readonly Ec2InstanceType[] {
  const known = sorted.get(priceOf);
  if (known?.types === types && known.preferredFamilies === preferredFamilies) return known.ordered;
  const ordered = [...types.values()].sort(byPrice(preferredFamilies, priceOf));
  sorted.set(priceOf, { types, preferredFamilies, ordered });
  return ordered;
}

interface Sorted {
  readonly types: ReadonlyMap<string, Ec2InstanceType>;
  readonly preferredFamilies: readonly string[];
  readonly ordered: readonly Ec2InstanceType[];
}

const sorted = new WeakMap<PriceOf, Sorted>();

export function familyOf(instanceType: string): string {
  return instanceType.split('.')[0] ?? instanceType;
}
