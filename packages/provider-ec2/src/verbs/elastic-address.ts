import { type AddressWish, type Progress, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { MAX_VALUE, STEP_TAG, TAG } from '../launching/tags.js';
import { ec2Cause } from '../limits/errors.js';
import { isWished } from '../planning/address-wish.js';
import type { Ec2Address } from '../ports/ec2-address-api.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { mustLive } from '../watching/machine-state.js';
import { addressesOf, freeOfPool, isOn, releaseQuietly } from './elastic-lookup.js';

/**
 * An elastic address on the machine's first interface. AllocateAddress has no client token: the address is tagged as it is
 * taken with the machine it is for, and looked for by that tag before one is. Should two have been taken, the one that is
 * not used is released, here or by the sweep. An address of the operator's pool needs no tag: being associated is its mark.
 * Throws `quota` or `capacity` when there is none, `invalid` where the network does not reach the internet.
 */
export async function ensureAddress(
  ec2: Ec2Context,
  id: string,
  wish: AddressWish,
  signal?: AbortSignal,
): Promise<Progress | 'not-wished'> {
  if (!isWished(ec2.config, wish.metadata)) return 'not-wished';
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'given an address');
  const { kept, surplus, elsewhere } = await addressesOf(ec2, machine, signal);
  for (const { allocationId } of surplus) await releaseQuietly(ec2, allocationId, signal);
  if (kept !== undefined && isOn(machine, kept)) return isShown(machine, kept) ? 'done' : 'under-way';
  if (kept === undefined && elsewhere.length > 0) throw movedAway(machine);
  const allocationId = kept?.allocationId ?? (await freeOfPool(ec2, signal)) ?? (await allocate(ec2, { id, wish }, signal));
  await associate(ec2, { machine, allocationId }, signal);
  return 'under-way';
}

/** EC2's reads of instances may lag behind those of addresses. */
function isShown({ interfaces: [nic] }: Ec2Instance, { publicIp }: Ec2Address): boolean {
  return nic?.privateAddresses.some(({ publicAddress }) => publicAddress === publicIp) ?? false;
}

async function allocate(
  ec2: Ec2Context,
  { id, wish }: { readonly id: string; readonly wish: AddressWish },
  signal?: AbortSignal,
): Promise<string> {
  const { cellName, incarnation, elasticAddressPool } = ec2.config;
  const { ownPool } = elasticAddressPool;
  const tags = {
    [TAG.cell]: cellName.slice(0, MAX_VALUE),
    [TAG.incarnation]: incarnation.slice(0, MAX_VALUE),
    [TAG.uuid]: wish.uuid,
    [STEP_TAG.addressOf]: id,
  };
  const { allocationId } = await ec2.calls.once({
    action: 'AllocateAddress',
    signal,
    run: (api, options) => api.allocateAddress({ tags, ...(ownPool === undefined ? {} : { publicIpv4Pool: ownPool }) }, options),
  });
  return allocationId;
}

/** What another took at the same moment, and what EC2 does not know yet or any more, is looked for anew by the next call. */
const LOOK_AGAIN = new Set(['Resource.AlreadyAssociated', 'InvalidAllocationID.NotFound']);

async function associate(
  ec2: Ec2Context,
  { machine, allocationId }: { readonly machine: Ec2Instance; readonly allocationId: string },
  signal?: AbortSignal,
): Promise<void> {
  const [nic] = machine.interfaces;
  if (nic === undefined) throw withoutInterface(machine);
  const input = { allocationId, networkInterfaceId: nic.id };
  try {
    await ec2.calls.once({ action: 'AssociateAddress', signal, run: (api, options) => api.associateAddress(input, options) });
  } catch (error) {
    if (!LOOK_AGAIN.has(ec2Cause(error)?.code ?? '')) throw error;
  }
}

/** No other is taken for it: whoever moves them away would be given one after the other. */
function movedAway({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('conflict', `the elastic address that was taken for ${instanceId} is in use elsewhere`, {
    subject: 'network',
    userMessage: "The server's public address was given to something else in the cloud; ask your cloud operator.",
  });
}

/** EC2 shows none for a moment while a machine is young. */
function withoutInterface({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('unavailable', `${instanceId} shows no interface that could have an address`, {
    userMessage: 'The server is still being made known in the cloud; try again in a moment.',
  });
}
