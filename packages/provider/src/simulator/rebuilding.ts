import type { Progress } from '../abilities.js';
import type { Site } from './cloud-state.js';
import { refuseUnlessBootable } from './images.js';
import { hasEnded, type Machine } from './machine.js';
import { extrasOf, isRescued } from './machine-extras.js';
import { isBusy, isPassing, refusal } from './rules.js';

/**
 * As EC2 replaces a root volume: the machine keeps its state meanwhile, and boots anew if it runs
 * (EC2 guide, "Replace the root volume").
 */
export function rebuildMachine(
  site: Site,
  machine: Machine,
  { providerImageId, token }: { readonly providerImageId: string; readonly token: string },
): Progress {
  if (hasEnded(machine.state)) throw refusal('rebuilt', machine);
  const extras = extrasOf(machine);
  const nowMs = site.settings.clock.now();
  if (extras.spentTokens.has(token)) return isBusy(machine, nowMs) ? 'under-way' : 'done';
  refuseUnlessBootable(site, providerImageId);
  const isAtRest = machine.state === 'running' || machine.state === 'stopped';
  if (!isAtRest || isPassing(site, machine) || isRescued(machine)) throw refusal('rebuilt', machine);
  extras.spentTokens.add(token);
  extras.effects.rebuild += 1;
  extras.busyUntilMs = nowMs + site.settings.changeMs;
  machine.imageId = providerImageId;
  if (machine.state === 'running') bootAnew(machine, nowMs);
  return isBusy(machine, nowMs) ? 'under-way' : 'done';
}

function bootAnew(machine: Machine, nowMs: number): void {
  machine.boots += 1;
  machine.bootedAtMs = nowMs;
}
