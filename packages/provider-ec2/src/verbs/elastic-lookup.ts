import type { Ec2Context } from '../context.js';
import { ownershipFilter, STEP_TAG } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2Address } from '../ports/ec2-address-api.js';
import type { Ec2Instance } from '../ports/ec2-api.js';

type Filters = Readonly<Record<string, readonly string[]>>;

/** The addresses of one machine. */
export interface AddressesOf {
  /** The one that it has, else the first of those taken for it: every look keeps the same one. */
  readonly kept: Ec2Address | undefined;
  /** What else was taken for it, and nothing uses. */
  readonly surplus: readonly Ec2Address[];
  /** What was taken for it, and somebody has put elsewhere. */
  readonly elsewhere: readonly Ec2Address[];
}

export async function addressesOf(ec2: Ec2Context, machine: Ec2Instance, signal?: AbortSignal): Promise<AddressesOf> {
  const [taken, pooled] = await Promise.all([takenAddresses(ec2, [machine.instanceId], signal), pooledAddresses(ec2, signal)]);
  const unused = taken.filter(({ associationId }) => associationId === undefined);
  const inOrder = [...unused].sort((a, b) => (a.allocationId < b.allocationId ? -1 : 1));
  const kept = [...pooled, ...taken].find((address) => isOn(machine, address)) ?? inOrder[0];
  return {
    kept,
    surplus: inOrder.filter((address) => address !== kept),
    elsewhere: taken.filter((address) => address.associationId !== undefined && address !== kept),
  };
}

/** By its interface too, for endpoints that do not say whose interface it is. */
export function isOn({ instanceId, interfaces }: Ec2Instance, address: Ec2Address): boolean {
  const { networkInterfaceId } = address;
  return address.instanceId === instanceId || interfaces.some(({ id }) => id === networkInterfaceId);
}

/** Those that this cell has taken for these machines, or for any (`*`); what the operator lists as his is not among them. */
export async function takenAddresses(
  ec2: Ec2Context,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Ec2Address[]> {
  const { allocations } = ec2.config.elasticAddressPool;
  const found = await describeAddresses(ec2, { ...ownershipFilter(ec2.config), [`tag:${STEP_TAG.addressOf}`]: ids }, signal);
  return found.filter(({ allocationId }) => !allocations.includes(allocationId));
}

/** The first address of the operator's pool that nothing uses; undefined when there is none. */
export async function freeOfPool(ec2: Ec2Context, signal?: AbortSignal): Promise<string | undefined> {
  const { allocations } = ec2.config.elasticAddressPool;
  const pooled = await pooledAddresses(ec2, signal);
  const free = new Set(pooled.flatMap(({ allocationId, associationId }) => (associationId === undefined ? [allocationId] : [])));
  return allocations.find((allocationId) => free.has(allocationId));
}

/** The operator's own, as far as EC2 knows them. */
export async function pooledAddresses(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly Ec2Address[]> {
  const { allocations } = ec2.config.elasticAddressPool;
  return allocations.length === 0 ? [] : describeAddresses(ec2, { 'allocation-id': allocations }, signal);
}

function describeAddresses(ec2: Ec2Context, filters: Filters, signal?: AbortSignal): Promise<readonly Ec2Address[]> {
  return ec2.calls.read({
    action: 'DescribeAddresses',
    signal,
    run: (api, options) => api.describeAddresses({ filters }, options),
  });
}

/** EC2 releases no address that is in use; one that is, or is gone, is no error. */
export async function releaseQuietly(ec2: Ec2Context, allocationId: string, signal?: AbortSignal): Promise<void> {
  await unlessCode(['InvalidAllocationID.NotFound', 'InvalidIPAddress.InUse'], () =>
    ec2.calls.once({ action: 'ReleaseAddress', signal, run: (api, options) => api.releaseAddress(allocationId, options) }),
  );
}

export async function disassociateQuietly(ec2: Ec2Context, associationId: string, signal?: AbortSignal): Promise<void> {
  await unlessCode(['InvalidAssociationID.NotFound'], () =>
    ec2.calls.once({
      action: 'DisassociateAddress',
      signal,
      run: (api, options) => api.disassociateAddress(associationId, options),
    }),
  );
}

async function unlessCode(codes: readonly string[], call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!codes.includes(ec2Cause(error)?.code ?? '')) throw error;
  }
}
