import { EventEmitter } from 'node:events';
import type { Json, JsonObject } from './json.js';

/** A row of the parent's `instances` with what hangs on it. Column names are nova's. */
export interface InstanceRow {
  readonly uuid: string;
  readonly id: number;
  columns: JsonObject;
  metadata: Record<string, string>;
  system_metadata: Record<string, string | null>;
  network_info: Json[];
  flavor: JsonObject;
  old_flavor: JsonObject | null;
  new_flavor: JsonObject | null;
  deleted: boolean;
  /** Adopted from below, or with a part missing. */
  complete: boolean;
  readonly bornAt: number;
  updates: number;
}

export interface FaultRow {
  readonly instance_uuid: string;
  readonly code: number;
  readonly message: string;
  readonly details: string | null;
  readonly host: string | null;
}

/** The child as the parent's cell state knows it. */
export interface ChildState {
  lastSeen: number | null;
  capabilities: JsonObject;
  capacities: JsonObject;
}

/** The parent's database, in memory. Emits `change` with the uuid after every stored change. */
export class Tables extends EventEmitter {
  readonly instances = new Map<string, InstanceRow>();
  readonly faults = new Map<string, FaultRow[]>();
  readonly blockDevices = new Map<string, JsonObject[]>();
  readonly keyPairs = new Map<string, JsonObject>();
  readonly bandwidth: JsonObject[] = [];
  readonly child: ChildState = { lastSeen: null, capabilities: {}, capacities: {} };
  private lastId = 0;

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** The row if it is there and not deleted. */
  living(uuid: string): InstanceRow | undefined {
    const row = this.instances.get(uuid);
    return row?.deleted === false ? row : undefined;
  }

  changed(uuid: string | null): void {
    this.emit('change', uuid);
  }
}
