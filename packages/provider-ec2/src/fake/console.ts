import type { Ec2ConsoleOutput } from '../ports/ec2-api.js';
import type { Machine } from './machine.js';

/** AWS: GetConsoleOutput shows the last 64 KB. */
const MAX_CONSOLE_CHARS = 65_536;

/** What the machine wrote while it booted; nothing before its first boot is over. */
export function consoleOutput(machine: Machine): Ec2ConsoleOutput {
  if (machine.consoleText === undefined && machine.state === 'pending') return { output: '' };
  const text = machine.consoleText ?? bootText(machine);
  return { output: text.slice(-MAX_CONSOLE_CHARS), timestamp: new Date(machine.changedAt).toISOString() };
}

function bootText({ id, image, type }: Machine): string {
  return [
    `[    0.000000] Linux version 6.1.0 (${image.name})`,
    `[    1.204519] ${type.instanceType}: ${type.vcpus} CPUs`,
    `${id} login: `,
  ].join('\r\n');
}
