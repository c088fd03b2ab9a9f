import type { Site } from './cloud-state.js';
import { hasEnded, type Machine } from './machine.js';
import { extrasOf, type MachineLabels } from './machine-extras.js';
import { refusal } from './rules.js';

/** Only that it was set is remembered. */
export function setPassword(_: Site, machine: Machine): void {
  if (machine.state !== 'running') throw refusal('given a password', machine);
  extrasOf(machine).passwordChanges += 1;
}

/** Refuses to be ended from then on, or no more. */
export function protectMachine(_: Site, machine: Machine, on: boolean): void {
  if (hasEnded(machine.state)) throw refusal('protected', machine);
  extrasOf(machine).isProtected = on;
}

/** The labels given last are the labels. */
export function labelMachine(_: Site, machine: Machine, labels: MachineLabels): void {
  extrasOf(machine).labels = structuredClone(labels);
}

/** One line per boot; nothing before the first is over. */
export function consoleText(_: Site, { boots, providerId, state }: Machine): string {
  if (state === 'pending') return '';
  return Array.from({ length: boots }, (_line, index) => `[    0.000000] boot ${index + 1} of ${providerId}\n`).join('');
}
