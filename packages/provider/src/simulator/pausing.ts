import type { Site } from './cloud-state.js';
import { beginChange, type Machine } from './machine.js';
import { bringUp, leaveRoom, takeRoom } from './powering.js';
import { refusal } from './rules.js';

/** It keeps its place: its memory stays where it is. */
export function pauseMachine(_: Site, machine: Machine): void {
  if (machine.state === 'paused') return;
  if (machine.state !== 'running') throw refusal('paused', machine);
  machine.state = 'paused';
}

export function unpauseMachine(_: Site, machine: Machine): void {
  if (machine.state === 'running') return;
  if (machine.state !== 'paused') throw refusal('unpaused', machine);
  machine.state = 'running';
}

/** Takes as long as a stop; its place is given away. */
export function suspendMachine({ state, settings }: Site, machine: Machine): void {
  if (machine.state === 'suspended' || machine.change?.to === 'suspended') return;
  if (machine.state !== 'running') throw refusal('suspended', machine);
  leaveRoom(state, machine);
  beginChange(machine, { via: 'stopping', to: 'suspended', delayMs: settings.stopMs, nowMs: settings.clock.now() });
}

/** Takes as long as a start, and like it needs room; it is no boot. */
export function resumeMachine(site: Site, machine: Machine): void {
  if (machine.state === 'running' || machine.state === 'pending') return;
  if (machine.state !== 'suspended') throw refusal('resumed', machine);
  const { bootedAtMs } = machine;
  takeRoom(site, machine);
  bringUp(site, machine);
  machine.bootedAtMs = bootedAtMs;
}
