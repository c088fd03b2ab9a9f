import type { Progress } from '../abilities.js';
import type { Site } from './cloud-state.js';
import { refuseUnlessBootable } from './images.js';
import { hasEnded, type Machine } from './machine.js';
import { extrasOf, isRescued } from './machine-extras.js';
import { startMachine, stopMachine } from './powering.js';
import { isPassing, refusal } from './rules.js';

/**
 * Stop, boot the rescue system: takes whichever step is next, and further ones that take no time.
 * A token that has been used up by an {@link unrescueMachine} since is answered with `done`.
 */
export function rescueMachine(
  site: Site,
  machine: Machine,
  rescue: { readonly providerImageId: string | null; readonly token: string },
): Progress {
  if (hasEnded(machine.state)) throw refusal('rescued', machine);
  const extras = extrasOf(machine);
  if (extras.spentTokens.has(rescue.token)) return progressOf(site, machine);
  if (rescue.providerImageId !== null) refuseUnlessBootable(site, rescue.providerImageId);
  if (isRescued(machine)) throw refusal('rescued', machine);
  if (isPassing(site, machine)) return 'under-way';
  if (machine.state !== 'stopped') {
    stopMachine(site, machine);
    return rescueMachine(site, machine, rescue);
  }
  startMachine(site, machine);
  extras.rescueToken = rescue.token;
  extras.effects.rescue += 1;
  extras.spentTokens.add(rescue.token);
  return progressOf(site, machine);
}

/** Stop, boot its own disks; a machine that is not in rescue has nothing left to do. */
export function unrescueMachine(site: Site, machine: Machine): Progress {
  if (hasEnded(machine.state)) throw refusal('unrescued', machine);
  if (!isRescued(machine) || isPassing(site, machine)) return progressOf(site, machine);
  if (machine.state !== 'stopped') {
    stopMachine(site, machine);
    return unrescueMachine(site, machine);
  }
  startMachine(site, machine);
  extrasOf(machine).rescueToken = null;
  return progressOf(site, machine);
}

function progressOf(site: Site, machine: Machine): Progress {
  return isPassing(site, machine) ? 'under-way' : 'done';
}
