import type { Machine } from './child.js';
import type { Server } from './rest.js';

/** Whether the cloud's machine is what the parent shows as this server: by uuid where it is tagged, else by address. */
export function belongsTo(machine: Machine, server: Server): boolean {
  if (machine.uuid !== undefined) return machine.uuid === server.id;
  return addressesOf(server).some((address) => machine.addresses.includes(address));
}

export function addressesOf(server: Server): string[] {
  return Object.values(server.addresses).flatMap((list) => list.map(({ addr }) => addr));
}
