import type { Machine } from './child.js';
import type { Server } from './rest.js';

/** Whether the cloud's machine is what the parent shows as this server: by uuid where it is tagged, else by address. */
export function belongsTo(machine: Machine, server: Server): boolean {
  if (machine.uuid !== undefined) return machine.uuid === server.id;
  return addressesOf(server).some((address) => machine.addresses.includes(address));
}

/** Without the public ones that a cloud may give besides. */
export function fixedAddressesOf(server: Server): string[] {
  const all = Object.values(server.addresses).flat();
  return all.filter((each) => each['OS-EXT-IPS:type'] !== 'floating').map(({ addr }) => addr);
}

export function addressesOf(server: Server): string[] {
  return Object.values(server.addresses).flatMap((list) => list.map(({ addr }) => addr));
}
