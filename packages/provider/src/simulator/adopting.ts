import { ProviderError } from '../errors.js';
import type { UnownedMachine } from '../observed.js';
import type { Site } from './cloud-state.js';
import { launchMachines } from './launching.js';
import { type Demand, hasEnded, type Machine, toProviderInstance } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

/** Owner of machines that no cell launched. */
export const NOBODY = '';

/** Somebody who knows no cells starts a machine. */
export function launchOutside(
  site: Site,
  wish: { readonly zone: string; readonly name: string; readonly demand: Demand },
): Machine {
  const token = `outside-${site.state.nextSerial}`;
  const networks = [{ networkId: 'net-outside', fixedIp: null }];
  const spec = { token, fingerprint: token, members: [''], owner: NOBODY, imageId: null, networks, ...wish };
  const [machine] = launchMachines(site, spec);
  if (machine === undefined) throw new ProviderError('capacity', `zone ${wish.zone} has no room`);
  extrasOf(machine).labels = { displayName: wish.name, metadata: {} };
  return machine;
}

export function toUnowned(machine: Machine): UnownedMachine {
  const { vcpus, memoryMb } = machine.demand;
  return { machine: toProviderInstance(machine), name: machine.extras?.labels?.displayName ?? null, vcpus, memoryMb };
}

export function adoptMachine(machine: Machine, owner: string, uuid: string): void {
  if (hasEnded(machine.state)) throw refusal('adopted', machine);
  const isFree = machine.owner === NOBODY || (machine.owner === owner && machine.extras?.adoptedFor === uuid);
  if (!isFree) throw new ProviderError('conflict', `${machine.providerId} is somebody's already`, { subject: 'instance' });
  machine.owner = owner;
  extrasOf(machine).adoptedFor = uuid;
}

export function releaseMachine(machine: Machine, owner: string): void {
  if (machine.owner !== owner || machine.extras?.adoptedFor == null) return;
  machine.owner = NOBODY;
  machine.extras.adoptedFor = null;
}
