import type { Bandwidth, Diagnostics } from '../abilities.js';
import type { Site } from './cloud-state.js';
import { hasEnded, type Machine } from './machine.js';
import { refusal } from './rules.js';

const MS_PER_SECOND = 1_000;
/** nova's words (nova/objects/diagnostics.py): a machine on its way counts as what it still or already is. */
const STATE_WORDS = {
  pending: 'running',
  running: 'running',
  paused: 'paused',
  suspended: 'suspended',
  stopping: 'running',
  stopped: 'shutdown',
  error: 'crashed',
} as const;

export function diagnosticsOf({ settings }: Site, machine: Machine): Diagnostics {
  const { state } = machine;
  if (state === 'terminating' || state === 'terminated') throw refusal('diagnosed', machine);
  const isUp = STATE_WORDS[state] === 'running' || state === 'paused';
  const traffic = bandwidthSince(machine, 0);
  return {
    state: STATE_WORDS[state],
    uptimeSeconds: isUp ? Math.floor((settings.clock.now() - machine.bootedAtMs) / MS_PER_SECOND) : null,
    cpuUtilisation: null,
    memoryMb: machine.demand.memoryMb,
    nics: traffic.map(({ mac, bytesIn, bytesOut }) => ({ mac, rxBytes: bytesIn, txBytes: bytesOut })),
    disks: [{ readBytes: null, writeBytes: null }],
    details: { boots: machine.boots },
  };
}

/** By id, without those that have ended. */
export function bandwidthOf(machines: readonly Machine[], since: Date): Map<string, readonly Bandwidth[]> {
  const alive = machines.filter(({ state }) => !hasEnded(state));
  return new Map(alive.map((machine) => [machine.providerId, bandwidthSince(machine, since.getTime())]));
}

/** All traffic goes through the first interface. */
function bandwidthSince({ nics, extras }: Machine, sinceMs: number): Bandwidth[] {
  const counted = extras?.traffic.filter(({ atMs }) => atMs >= sinceMs) ?? [];
  const bytesIn = counted.reduce((sum, record) => sum + record.bytesIn, 0);
  const bytesOut = counted.reduce((sum, record) => sum + record.bytesOut, 0);
  return nics.map(({ mac }, index) => ({ mac, bytesIn: index === 0 ? bytesIn : 0, bytesOut: index === 0 ? bytesOut : 0 }));
}
