import type { ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow, Write } from '@burstcell/store';
import { machineOf, observedWrite } from '../operations/machine.js';
import { observeWrite } from '../operations/observe-write.js';

/** Whether the machine is not as its row says. */
export function isNews(row: ProviderInstanceRow, machine: ProviderInstance): boolean {
  return machine.state !== row.state || addressesOf(machine) !== addressesOf(machineOf(row));
}

/** A machine that nobody awaited anything of has come to rest elsewhere: its row learns, and an operation tells the instance. */
export function outsideWrites(
  tools: { readonly now: () => Date },
  row: ProviderInstanceRow,
  machine: ProviderInstance,
): readonly Write[] {
  return [observedWrite(row, machine, tools.now(), null), observeWrite(tools, row.uuid)];
}

function addressesOf({ nics }: ProviderInstance): string {
  return JSON.stringify(nics.flatMap((nic) => nic.addresses.map((each) => each.address)).sort());
}
