import { type Duplex, PassThrough } from 'node:stream';
import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import type { Machine } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

/** A guest that greets and then says back what it is told. One session at a time, as on EC2. */
export function openSerial(_site: Site, machine: Machine): Duplex {
  if (machine.state !== 'running') throw refusal('looked at', machine);
  const extras = extrasOf(machine);
  if (extras.serial !== null && !extras.serial.destroyed) throw taken(machine.providerId);
  const session = new PassThrough();
  session.write(`${machine.providerId} login: `);
  extras.serial = session;
  return session;
}

function taken(providerId: string): ProviderError {
  return new ProviderError('conflict', `the serial console of ${providerId} is in use`, {
    subject: 'instance',
    userMessage: 'Somebody else is at this console; try again when they have left.',
  });
}
