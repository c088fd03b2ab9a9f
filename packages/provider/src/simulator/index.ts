export type { Fault, ProviderVerb } from '../fault.js';
export { type Clock, ManualClock, systemClock } from './clock.js';
export { SimulatedCloud } from './cloud.js';
export type { SimulatorFault } from './faults.js';
export type { CallCounts } from './gate.js';
export type { MachineSnapshot } from './machine-snapshot.js';
export type { Lag, Room, SimulatedCloudOptions } from './options.js';
export { Simulator, type SimulatorAbilities, type SimulatorOptions } from './simulator.js';
export type { SimulatedVolume } from './volumes.js';
