import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import type { Machine } from './machine.js';
import { isRescued } from './machine-extras.js';

/** What a verb is refused with that the machine's state does not allow; `participle` completes "cannot be …". */
export function refusal(participle: string, machine: Machine): ProviderError {
  const state = isRescued(machine) ? `${machine.state} in rescue` : machine.state;
  return new ProviderError('conflict', `${machine.providerId} is ${state} and cannot be ${participle}`, {
    code: 'IncorrectState',
    subject: 'instance',
  });
}

/** True while the machine is on its way to another state, or the vendor works on its size or disks. */
export function isPassing({ settings }: Site, machine: Machine): boolean {
  return machine.change !== null || isBusy(machine, settings.clock.now());
}

export function isBusy(machine: Machine, nowMs: number): boolean {
  return machine.extras !== null && nowMs < machine.extras.busyUntilMs;
}
