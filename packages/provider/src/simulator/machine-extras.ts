import type { Duplex } from 'node:stream';
import type { ConsoleType } from '../abilities.js';
import type { Json } from '../launch.js';
import type { Demand, Machine } from './machine.js';

/** Traffic that a test let pass. */
export interface TrafficRecord {
  readonly atMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface IssuedConsole {
  readonly port: number;
  readonly untilMs: number;
}

/** Of what is done once per token. */
export interface Effects {
  rebuild: number;
  rescue: number;
  snapshot: number;
}

export interface MachineLabels {
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, Json>>;
}

/** The part of a machine that the rarer abilities work on. */
export interface MachineExtras {
  /** Until when the vendor works on its size or root disk, which keeps everything else out. */
  busyUntilMs: number;
  /** Rebuilds and rescues that were begun: none is done twice. */
  readonly spentTokens: Set<string>;
  /** The size to go back to when the new one has no room at its first start. */
  sizeBefore: Demand | null;
  rescueToken: string | null;
  /** How often the vendor truly did it. */
  readonly effects: Effects;
  /** How often a password was set; never the password. */
  passwordChanges: number;
  /** Null: not Windows, or not booted yet. */
  encryptedPassword: string | null;
  labels: MachineLabels | null;
  isProtected: boolean;
  /** The instance it was taken in for; null: it was launched, or is nobody's. */
  adoptedFor: string | null;
  /** Whether its floating address stays its own while it is stopped. */
  hasKeptAddress: boolean;
  /** Additions of a fixed address that were made. */
  readonly addressTokens: Set<string>;
  readonly consoles: Map<ConsoleType, IssuedConsole>;
  /** Whoever is at its serial console. */
  serial: Duplex | null;
  readonly traffic: TrafficRecord[];
}

export function extrasOf(machine: Machine): MachineExtras {
  machine.extras ??= {
    busyUntilMs: 0,
    spentTokens: new Set(),
    sizeBefore: null,
    rescueToken: null,
    effects: { rebuild: 0, rescue: 0, snapshot: 0 },
    passwordChanges: 0,
    encryptedPassword: null,
    labels: null,
    isProtected: false,
    adoptedFor: null,
    hasKeptAddress: false,
    addressTokens: new Set(),
    consoles: new Map(),
    serial: null,
    traffic: [],
  };
  return machine.extras;
}

export function isRescued(machine: Machine): boolean {
  return typeof machine.extras?.rescueToken === 'string';
}
