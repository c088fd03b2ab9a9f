import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import { hasEnded, type Machine, type MachineNic } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

/** On the interface of that network, or on the first one. */
export function addFixedIp(
  { state }: Site,
  machine: Machine,
  { networkId, token }: { readonly networkId: string | null; readonly token: string },
): void {
  if (hasEnded(machine.state)) throw refusal('given an address', machine);
  const { addressTokens } = extrasOf(machine);
  if (addressTokens.has(token)) return;
  const nic = machine.nics.find((candidate) => networkId === null || candidate.networkId === networkId);
  if (nic === undefined) {
    throw new ProviderError('invalid', `the machine has no interface in network ${networkId}`, { subject: 'network' });
  }
  const address = state.addresses.takeFixed(null);
  addressTokens.add(token);
  replaceNic(machine, { ...nic, moreAddresses: [...nic.moreAddresses, address] });
}

/** An interface keeps its first address, as on EC2 ("Secondary IP addresses"): `unsupported`. */
export function removeFixedIp({ state }: Site, machine: Machine, address: string): void {
  if (hasEnded(machine.state)) throw refusal('relieved of an address', machine);
  if (machine.nics.some(({ fixedAddress }) => fixedAddress === address)) {
    throw new ProviderError('unsupported', `${address} is the first address of its interface`, { subject: 'network' });
  }
  const nic = machine.nics.find(({ moreAddresses }) => moreAddresses.includes(address));
  if (nic === undefined) return;
  state.addresses.giveBack(address);
  replaceNic(machine, { ...nic, moreAddresses: nic.moreAddresses.filter((other) => other !== address) });
}

function replaceNic(machine: Machine, changed: MachineNic): void {
  machine.nics = machine.nics.map((nic) => (nic.id === changed.id ? changed : nic));
}
