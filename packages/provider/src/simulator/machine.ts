import type { ProviderAddress, ProviderInstance, ProviderNic, ProviderState } from '../observed.js';
import type { MachineExtras } from './machine-extras.js';

/** What one machine takes of a zone. */
export interface Demand {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

export interface MachineNic {
  readonly id: string;
  readonly mac: string;
  readonly networkId: string;
  readonly fixedAddress: string;
  /** Those that were added later. */
  readonly moreAddresses: readonly string[];
  readonly floatingAddress: string | null;
}

/** One simulated machine. Kept flat: a benchmark holds ten thousand of them. */
export interface Machine {
  /** Order of creation; where `list` goes on after a page. */
  readonly serial: number;
  readonly providerId: string;
  /** Changes when it is adopted or released. */
  owner: string;
  /** Whom it was launched for. Only a launch of a single member could tag it so. */
  readonly member: string;
  readonly isTagged: boolean;
  readonly token: string;
  readonly zone: string;
  readonly launchedAtMs: number;
  demand: Demand;
  /** The image its root disk was made from; null when it booted from none. */
  imageId: string | null;
  nics: readonly MachineNic[];
  state: ProviderState;
  /** The state it is about to reach; null at rest. */
  change: { readonly to: ProviderState; readonly atMs: number } | null;
  /** The last state that its owner was told of and has settled; null before the first. */
  toldState: ProviderState | null;
  reason: string | null;
  boots: number;
  bootedAtMs: number;
  /** What few machines have; made when it is first needed. */
  extras: MachineExtras | null;
}

export const NETWORK_CIDR = '10.0.0.0/8';
export const NETWORK_LABEL = 'simulated';
export const ROOT_DEVICE = '/dev/sda1';

/** States pass when somebody looks: no timer runs while nobody does. */
export function settled(machine: Machine, nowMs: number): Machine {
  const { change } = machine;
  if (change === null || nowMs < change.atMs) return machine;
  machine.state = change.to;
  machine.change = null;
  return machine;
}

/** Begins a transition of this length; one without length is over at once. */
export function beginChange(
  machine: Machine,
  change: { readonly via: ProviderState; readonly to: ProviderState; readonly delayMs: number; readonly nowMs: number },
): void {
  const isInstant = change.delayMs <= 0;
  machine.state = isInstant ? change.to : change.via;
  machine.change = isInstant ? null : { to: change.to, atMs: change.nowMs + change.delayMs };
}

/** True while it takes up room: a stopped machine's place is given away, as on EC2. */
export function holdsRoom(state: ProviderState): boolean {
  return state === 'pending' || state === 'running' || state === 'paused';
}

export function hasEnded(state: ProviderState): boolean {
  return state === 'terminating' || state === 'terminated';
}

/** What this cloud calls a size: `2c-4096m`. */
export function sizeName({ vcpus, memoryMb }: Pick<Demand, 'vcpus' | 'memoryMb'>): string {
  return `${vcpus}c-${memoryMb}m`;
}

/** The machine as its vendor shows it. */
export function toProviderInstance(machine: Machine): ProviderInstance {
  return {
    providerId: machine.providerId,
    state: machine.state,
    zone: machine.zone,
    launchedAt: new Date(machine.launchedAtMs).toISOString(),
    nics: machine.state === 'terminated' ? [] : machine.nics.map((nic) => toProviderNic(nic, machine)),
    size: sizeName(machine.demand),
    rootDeviceName: ROOT_DEVICE,
    reason: machine.reason,
    ...tagsOf(machine),
  };
}

/** A machine that no cell launched has a token of nobody's interest. */
function tagsOf({ extras, isTagged, member, token }: Machine): Pick<ProviderInstance, 'uuid' | 'launchToken' | 'isAdopted'> {
  const adoptedFor = extras?.adoptedFor ?? null;
  if (adoptedFor !== null) return { uuid: adoptedFor, launchToken: token, isAdopted: true };
  return { uuid: isTagged && member !== '' ? member : null, launchToken: token };
}

function toProviderNic(nic: MachineNic, { state, extras }: Machine): ProviderNic {
  const fixed = fixedAddressesOf(nic).map((address): ProviderAddress => ({ address, version: 4, type: 'fixed' }));
  const isReachable = nic.floatingAddress !== null && (state === 'running' || extras?.hasKeptAddress === true);
  return {
    id: nic.id,
    mac: nic.mac,
    networkId: nic.networkId,
    networkLabel: NETWORK_LABEL,
    cidr: NETWORK_CIDR,
    addresses: isReachable ? [...fixed, { address: nic.floatingAddress, version: 4, type: 'floating' }] : fixed,
  };
}

export function fixedAddressesOf(nic: MachineNic): string[] {
  return [nic.fixedAddress, ...nic.moreAddresses];
}
