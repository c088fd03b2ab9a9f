import { ProviderError } from '../errors.js';
import type { CloudState, Site } from './cloud-state.js';
import { beginChange, fixedAddressesOf, hasEnded, holdsRoom, type Machine } from './machine.js';
import { isBusy, refusal } from './rules.js';
import { releaseVolumes } from './volumes.js';

/** The verbs of one machine, under EC2's rules of which state allows which ("Instance lifecycle"). */
export function startMachine(site: Site, machine: Machine): void {
  if (machine.state === 'pending' || machine.state === 'running') return;
  if (machine.state !== 'stopped' || isBusy(machine, site.settings.clock.now())) throw refusal('started', machine);
  takeRoom(site, machine);
  machine.boots += 1;
  bringUp(site, machine);
}

/** Also of a paused or suspended machine, whose memory is then lost. */
export function stopMachine(site: Site, machine: Machine, force = false): void {
  if (machine.state === 'stopped' || (machine.state === 'stopping' && !force && machine.change?.to === 'stopped')) return;
  const isSuspending = machine.change?.to === 'suspended' && !force;
  if (machine.state === 'pending' || hasEnded(machine.state) || isSuspending) throw refusal('stopped', machine);
  leaveRoom(site.state, machine);
  const isOff = force || machine.state === 'suspended';
  const { stopMs, clock } = site.settings;
  beginChange(machine, { via: 'stopping', to: 'stopped', delayMs: isOff ? 0 : stopMs, nowMs: clock.now() });
}

export function rebootMachine({ settings }: Site, machine: Machine): void {
  if (machine.state !== 'running') throw refusal('rebooted', machine);
  machine.boots += 1;
  machine.bootedAtMs = settings.clock.now();
}

/** The order to end it, which a protected machine refuses. */
export function endMachine(site: Site, machine: Machine): void {
  if (machine.extras?.isProtected === true && !hasEnded(machine.state)) throw refusal('ended: it is protected', machine);
  terminateMachine(site, machine);
}

export function terminateMachine(site: Site, machine: Machine): void {
  if (hasEnded(machine.state)) return;
  const { state, settings } = site;
  leaveRoom(state, machine);
  state.account.giveBack(machine.demand);
  for (const address of machine.nics.flatMap(fixedAddressesOf)) state.addresses.giveBack(address);
  releaseVolumes(site, machine);
  const nowMs = settings.clock.now();
  beginChange(machine, { via: 'terminating', to: 'terminated', delayMs: settings.terminateMs, nowMs });
  state.vanishing.put(machine, nowMs + settings.terminateMs + settings.terminatedVisibleMs);
}

/** A machine that broke: its place is lost, it can be stopped and terminated. */
export function breakMachine({ state }: Site, machine: Machine): void {
  if (hasEnded(machine.state)) return;
  leaveRoom(state, machine);
  machine.state = 'error';
  machine.change = null;
}

/** Takes a place in its zone for a machine that holds none; `capacity` when there is none. */
export function takeRoom({ state }: Site, machine: Machine): void {
  const room = state.rooms.get(machine.zone);
  if (state.impairedZones.has(machine.zone) || room?.fits(machine.demand, 1) === false) {
    throw new ProviderError('capacity', `zone ${machine.zone} has no room to start ${machine.providerId}`);
  }
  room?.take(machine.demand);
}

/** On its way to `running`; its place must have been taken. */
export function bringUp({ settings }: Site, machine: Machine): void {
  const nowMs = settings.clock.now();
  machine.reason = null;
  machine.bootedAtMs = nowMs;
  beginChange(machine, { via: 'pending', to: 'running', delayMs: settings.bootMs, nowMs });
}

/** Gives back the place of a machine that held one; its state must still be the one it held it in. */
export function leaveRoom(state: CloudState, machine: Machine): void {
  if (holdsRoom(machine.state)) state.rooms.get(machine.zone)?.giveBack(machine.demand);
}
