import type { SecurityGroup } from '../security-groups.js';
import { AddressBook } from './addresses.js';
import { DelayQueue } from './delay-queue.js';
import type { Machine } from './machine.js';
import type { CloudSettings, Room } from './options.js';
import { RoomLedger } from './room.js';
import type { SnapshotRecord } from './snapshots.js';
import type { SimulatedVolume } from './volumes.js';

/** A launch that happened: what its token stands for from then on. */
export interface LaunchRecord {
  readonly fingerprint: string;
  /** By launch index. */
  readonly providerIds: readonly string[];
}

/** All that a simulated cloud knows. Held apart from the code, so that several providers can share it. */
export interface CloudState {
  /** In order of creation. */
  readonly machines: Map<string, Machine>;
  /** By token. */
  readonly launches: Map<string, LaunchRecord>;
  readonly addresses: AddressBook;
  readonly rooms: Map<string, RoomLedger>;
  readonly account: RoomLedger;
  /** Zones that the vendor itself calls impaired. */
  readonly impairedZones: Set<string>;
  /** Terminated machines until they vanish from sight, then tokens until they are forgotten. */
  readonly vanishing: DelayQueue<Machine>;
  readonly expiringTokens: DelayQueue<string>;
  /** By id. */
  readonly snapshots: Map<string, SnapshotRecord>;
  /** Snapshot id by token, kept when the snapshot is deleted. */
  readonly snapshotTokens: Map<string, string>;
  /** By id. */
  readonly volumes: Map<string, SimulatedVolume>;
  /** Followed ones, by owner and id. */
  readonly securityGroups: Map<string, Map<string, SecurityGroup>>;
  nextSerial: number;
  /** Snapshots and volumes are numbered apart from machines, whose serial is their place in a listing. */
  nextDiskSerial: number;
}

/** What every rule of the cloud works on. */
export interface Site {
  readonly state: CloudState;
  readonly settings: CloudSettings;
}

export function emptyCloud(limits: {
  readonly zones: readonly string[];
  readonly room: Readonly<Record<string, Room>>;
  readonly quota: Room;
}): CloudState {
  return {
    machines: new Map(),
    launches: new Map(),
    addresses: new AddressBook(),
    rooms: new Map(limits.zones.map((zone) => [zone, new RoomLedger(limits.room[zone])])),
    account: new RoomLedger(limits.quota),
    impairedZones: new Set(),
    vanishing: new DelayQueue(),
    expiringTokens: new DelayQueue(),
    snapshots: new Map(),
    snapshotTokens: new Map(),
    volumes: new Map(),
    securityGroups: new Map(),
    nextSerial: 1,
    nextDiskSerial: 1,
  };
}
