import { randomUUID } from 'node:crypto';
import type { ConsoleConnection, ConsoleType } from '../abilities.js';
import { ProviderError } from '../errors.js';
import { CONSOLE_TOKEN_MS } from '../timings.js';
import type { Site } from './cloud-state.js';
import { hasEnded, type Machine } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

const HOST = 'console.simulated';
/** Page that nova's proxy of each type serves (nova.conf: novncproxy_base_url, html5proxy_base_url, …). */
const PAGES: Readonly<Partial<Record<ConsoleType, string>>> = {
  novnc: 'http://console.simulated:6080/vnc_auto.html',
  'spice-html5': 'http://console.simulated:6082/spice_auto.html',
  'rdp-html5': 'http://console.simulated:6083/',
  serial: 'ws://console.simulated:6083/',
};
const TYPES = Object.keys(PAGES);
const FIRST_PORT = 10_000;
/** Machines that have ports of their own: as many as fit between the first port and the last there is. */
const MACHINES_WITH_PORTS = 13_000;

/** A new token each time; a port of its own per machine and type. */
export function connectConsole({ settings }: Site, machine: Machine, type: ConsoleType): ConsoleConnection {
  const page = PAGES[type];
  if (page === undefined) throw new ProviderError('unsupported', `this cloud has no console of type ${type}`);
  if (machine.state !== 'running' && machine.state !== 'paused') throw refusal('looked at', machine);
  const port = FIRST_PORT + (machine.serial % MACHINES_WITH_PORTS) * TYPES.length + TYPES.indexOf(type);
  extrasOf(machine).consoles.set(type, { port, untilMs: settings.clock.now() + CONSOLE_TOKEN_MS });
  const token = randomUUID();
  return { token, accessUrl: `${page}?token=${token}`, host: HOST, port, internalAccessPath: null };
}

export function isConsoleValid(
  { settings }: Site,
  machine: Machine,
  { port, type }: { readonly port: string; readonly type: string },
): boolean {
  if (hasEnded(machine.state)) return false;
  const issued = [...(machine.extras?.consoles ?? [])].find(([name]) => name === type)?.[1];
  return issued !== undefined && String(issued.port) === port && settings.clock.now() < issued.untilMs;
}
