import { Ec2OptionError, type OptionReader } from './option-reader.js';

/** Where elastic addresses come from; without any, from AWS's own. */
export interface AddressPoolSettings {
  /** Addresses of the operator's, by allocation id: taken while free, never released. */
  readonly allocations: readonly string[];
  /** A pool of the account's own addresses (AWS: "Bring your own IP addresses"). */
  readonly ownPool?: string;
}

/** Throws {@link Ec2OptionError}. */
export function addressPool(read: OptionReader): AddressPoolSettings {
  const names = read.list('elastic_address_pool');
  const allocations = names.filter((name) => /^eipalloc-[0-9a-f]+$/.test(name));
  const [ownPool, second] = names.filter((name) => /^ipv4pool-ec2-[0-9a-f]+$/.test(name));
  const wrong = names.find((name) => name !== ownPool && name !== second && !allocations.includes(name));
  if (wrong !== undefined)
    throw pooled(`${wrong} is neither`, 'name elastic addresses (eipalloc-…) and at most one pool (ipv4pool-ec2-…)');
  if (second !== undefined) throw pooled('names two pools', 'name one ipv4pool-ec2-…');
  if (names.length > 0 && read.text('elastic_address') === 'never') {
    throw pooled('means nothing without elastic_address', 'set elastic_address to always or on-request, or remove it');
  }
  return ownPool === undefined ? { allocations } : { allocations, ownPool };
}

function pooled(problem: string, remedy: string): Ec2OptionError {
  return new Ec2OptionError('elastic_address_pool', problem, remedy);
}
