import type { Provider, ProviderAbility } from '@burstcell/provider';
import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import type { CellConfig } from '../config/cell-config.js';
import type { ProviderParts } from './open-provider.js';

/** A cloud of its own in this process: it forgets its machines when the process ends. */
export function openSimulator({ cells, console, simulator }: CellConfig, { incarnation }: ProviderParts): Provider {
  const { zones, roomInstances, volumes, latencyMs, bootDelayMs, stopDelayMs, terminateDelayMs, ...changes } = simulator;
  const room = roomInstances === null ? {} : Object.fromEntries(zones.map((zone) => [zone, { instances: roomInstances }]));
  const changing = { changeMs: changes.changeDelayMs, snapshotMs: changes.snapshotDelayMs };
  const times = { latencyMs, bootMs: bootDelayMs, stopMs: stopDelayMs, terminateMs: terminateDelayMs, ...changing };
  const cloud = new SimulatedCloud({ zones, room, ...times });
  for (const zone of zones) for (let made = 0; made < volumes; made += 1) cloud.createVolume(zone);
  // The consoles that it names lead nowhere; the gateway's do.
  const without: readonly ProviderAbility[] = console === null ? [] : ['connectConsole', 'validateConsole'];
  return new Simulator({ cloud, cellName: cells.name, incarnation, abilities: { without } });
}
