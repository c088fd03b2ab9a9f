import { ProviderError } from '../errors.js';
import { macOf } from './addresses.js';
import type { LaunchRecord, Site } from './cloud-state.js';
import { refuseUnlessBootable } from './images.js';
import type { LaunchSpec } from './launch-spec.js';
import { beginChange, hasEnded, type Machine, type MachineNic, settled } from './machine.js';

/** One array for all machines that have no more than their first address. */
const NO_ADDRESSES: readonly string[] = [];

/**
 * Carries a launch out, or answers a repeated one with the machines it already has.
 * As many as there is room for, by launch index. The order of the checks is EC2's: the token first, so that a replay works in a full zone.
 */
export function launchMachines(site: Site, spec: LaunchSpec): Machine[] {
  const { state } = site;
  const known = state.launches.get(spec.token);
  if (known !== undefined) return replay(site, known, spec);
  refuseUnlessPossible(site, spec);
  const members = spec.members.slice(0, roomFor(site, spec));
  const machines = members.map((_, index) => createMachine(site, spec, index));
  state.launches.set(spec.token, { fingerprint: spec.fingerprint, providerIds: machines.map(({ providerId }) => providerId) });
  return machines;
}

function replay({ state, settings }: Site, known: LaunchRecord, spec: LaunchSpec): Machine[] {
  if (known.fingerprint !== spec.fingerprint) {
    throw new ProviderError('conflict', `token ${spec.token} was used with other parameters`, { code: 'TokenMismatch' });
  }
  const machines = known.providerIds.flatMap((id) => {
    const machine = state.machines.get(id);
    return machine === undefined ? [] : [settled(machine, settings.clock.now())];
  });
  if (machines.length < known.providerIds.length || machines.every((machine) => hasEnded(machine.state))) {
    throw new ProviderError('conflict', `the machines of token ${spec.token} were terminated`, { code: 'TokenTerminated' });
  }
  return machines;
}

function refuseUnlessPossible(site: Site, spec: LaunchSpec): void {
  const { state, settings } = site;
  const { demand, zone, members } = spec;
  const room = state.rooms.get(zone);
  if (room === undefined) throw new ProviderError('invalid', `there is no zone ${zone}`);
  if (demand.vcpus > settings.largest.vcpus || demand.memoryMb > settings.largest.memoryMb) {
    throw new ProviderError('invalid', 'no machine is that large', { subject: 'flavor' });
  }
  if (spec.imageId !== null) refuseUnlessBootable(site, spec.imageId);
  const asked = spec.networks.flatMap(({ fixedIp }) => (fixedIp === null ? [] : [fixedIp]));
  const isTaken = members.length > 1 || new Set(asked).size < asked.length || asked.some((ip) => !state.addresses.isFree(ip));
  if (asked.length > 0 && isTaken) throw new ProviderError('invalid', 'an address is in use', { subject: 'network' });
  if (!state.account.fits(demand, 1)) throw new ProviderError('quota', 'the quota of the account is spent');
  if (state.impairedZones.has(zone) || !room.fits(demand, 1)) {
    throw new ProviderError('capacity', `zone ${zone} has no room for ${demand.memoryMb} MiB`);
  }
}

/** How many of the members fit into zone and account. */
function roomFor({ state }: Site, { demand, zone, members }: LaunchSpec): number {
  const ledgers = [state.account, state.rooms.get(zone)];
  let count = members.length;
  while (count > 0 && ledgers.some((ledger) => ledger?.fits(demand, count) === false)) count -= 1;
  return count;
}

function createMachine(site: Site, spec: LaunchSpec, index: number): Machine {
  const { state, settings } = site;
  const nowMs = settings.clock.now();
  const serial = state.nextSerial++;
  const machine: Machine = {
    serial,
    providerId: `sim-${serial.toString(16).padStart(12, '0')}`,
    owner: spec.owner,
    member: spec.members[index] ?? '',
    isTagged: spec.members.length === 1,
    token: spec.token,
    zone: spec.zone,
    demand: spec.demand,
    imageId: spec.imageId,
    launchedAtMs: nowMs,
    nics: spec.networks.map((network, device) => createNic(site, { ...network, id: `nic-${serial}-${device}` })),
    state: 'pending',
    change: null,
    toldState: null,
    reason: null,
    boots: 1,
    bootedAtMs: nowMs,
    extras: null,
  };
  beginChange(machine, { via: 'pending', to: 'running', delayMs: settings.bootMs, nowMs });
  state.rooms.get(spec.zone)?.take(spec.demand);
  state.account.take(spec.demand);
  state.machines.set(machine.providerId, machine);
  return machine;
}

function createNic(
  { state, settings }: Site,
  asked: { readonly id: string; readonly networkId: string; readonly fixedIp: string | null },
): MachineNic {
  const fixedAddress = state.addresses.takeFixed(asked.fixedIp);
  return {
    id: asked.id,
    mac: macOf(fixedAddress),
    networkId: asked.networkId,
    fixedAddress,
    moreAddresses: NO_ADDRESSES,
    floatingAddress: settings.floatingAddresses ? state.addresses.takeFloating() : null,
  };
}
