import type { ProviderChanges } from '../changes.js';
import type { Site } from './cloud-state.js';
import { type Machine, settled } from './machine.js';

/** Machines that one answer names: as many as a cell reads rows of in one go. */
const MAX_CHANGES = 500;

/** The machines of this owner that are not as it was last told, without a wait. */
export function changesOf({ state, settings }: Site, owner: string): ProviderChanges {
  const nowMs = settings.clock.now();
  const changed: Machine[] = [];
  for (const machine of state.machines.values()) {
    if (machine.owner !== owner || settled(machine, nowMs).state === machine.toldState) continue;
    changed.push(machine);
    if (changed.length === MAX_CHANGES) break;
  }
  const told = changed.map((machine) => ({ machine, state: machine.state }));
  return {
    changes: told.map(({ machine: { providerId }, state }) => ({ providerId, state, notice: null })),
    async settle() {
      for (const each of told) each.machine.toldState = each.state;
    },
  };
}
