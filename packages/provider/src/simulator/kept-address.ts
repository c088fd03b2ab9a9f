import type { Progress } from '../abilities.js';
import type { Site } from './cloud-state.js';
import { hasEnded, type Machine } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

/** On the first interface, in place of a floating address that goes with the power; gone with the machine. */
export function keepAddress({ state }: Site, machine: Machine): Progress {
  if (hasEnded(machine.state)) throw refusal('given an address', machine);
  const extras = extrasOf(machine);
  const [nic, ...others] = machine.nics;
  if (extras.hasKeptAddress || nic === undefined) return 'done';
  extras.hasKeptAddress = true;
  machine.nics = [{ ...nic, floatingAddress: state.addresses.takeFloating() }, ...others];
  return 'done';
}
