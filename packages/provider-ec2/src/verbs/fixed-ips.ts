import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import { stepToken } from '../launching/tokens.js';
import type { Ec2Instance, Ec2NetworkInterface } from '../ports/ec2-api.js';
import { mustLive } from '../watching/machine-state.js';
import { tag } from './tagging.js';

export interface FixedIpWish {
  readonly networkId: string | null;
  readonly token: string;
}

/**
 * One more address on the machine's interface in that network, of EC2's choice. AssignPrivateIpAddresses has
 * no client token, so the token and the number of addresses before are tagged first: a repeat sees whether
 * it grew. The tag stays until the next address is asked for.
 */
export async function addFixedIp(ec2: Ec2Context, id: string, wish: FixedIpWish, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'given an address');
  const token = stepToken('fixed-ip', id, wish.token);
  const noted = readNote(machine, token);
  const nic = noted?.nic ?? interfaceIn(machine, wish.networkId);
  const before = noted?.count ?? nic.privateAddresses.length;
  if (!noted) await tag(ec2, [id], { [STEP_TAG.fixedIp]: `${token} ${nic.id} ${before}` }, signal);
  if (nic.privateAddresses.length > before) return;

  await ec2.calls.once({
    action: 'AssignPrivateIpAddresses',
    signal,
    context: { subnet: nic.subnetId, zone: machine.availabilityZone },
    run: (api, options) => api.assignPrivateIpAddresses({ networkInterfaceId: nic.id, count: 1 }, options),
  });
}

/** Repeat-safe. Throws `unsupported` for the interface's own address, which EC2 never takes away. */
export async function removeFixedIp(ec2: Ec2Context, id: string, address: string, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'relieved of an address');
  const nic = machine.interfaces.find(({ privateAddresses }) => privateAddresses.some((one) => one.address === address));
  if (!nic) return;
  if (nic.privateAddresses[0]?.address === address) throw primary(address);

  await ec2.calls.once({
    action: 'UnassignPrivateIpAddresses',
    signal,
    run: (api, options) => api.unassignPrivateIpAddresses({ networkInterfaceId: nic.id, addresses: [address] }, options),
  });
}

function readNote({ tags, interfaces }: Ec2Instance, token: string) {
  const [noted, nicId, count] = (tags[STEP_TAG.fixedIp] ?? '').split(' ');
  const nic = interfaces.find(({ id }) => id === nicId);
  return noted === token && nic ? { nic, count: Number(count) } : undefined;
}

/** The networks that users see are the subnets of its interfaces. */
function interfaceIn({ instanceId, interfaces }: Ec2Instance, networkId: string | null): Ec2NetworkInterface {
  const nic = networkId === null ? interfaces[0] : interfaces.find(({ subnetId }) => subnetId === networkId);
  if (nic) return nic;
  throw new ProviderError('invalid', `${instanceId} has no interface in network ${networkId ?? '(any)'}`, {
    subject: 'network',
    userMessage: 'The server has no interface in that network; choose one that it is in.',
  });
}

function primary(address: string): ProviderError {
  return new ProviderError('unsupported', `${address} is the interface's own address`, {
    subject: 'network',
    userMessage: "A server's first address in a network cannot be removed in this cloud.",
  });
}
