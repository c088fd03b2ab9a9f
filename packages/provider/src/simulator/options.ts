import type { ProviderVerb } from '../fault.js';
import { LIST_PAGE_SIZE, TERMINATED_VISIBLE_MS, TOKEN_MEMORY_MS } from '../timings.js';
import { type Clock, systemClock } from './clock.js';

/** How much fits, in all; what is absent has no limit. */
export interface Room {
  readonly instances?: number;
  readonly vcpus?: number;
  readonly memoryMb?: number;
  readonly diskGb?: number;
  /** Machines per memory size (MiB); sizes not named have no limit of their own. */
  readonly instancesByMemoryMb?: Readonly<Record<number, number>>;
}

/** How far reads and verbs lag behind a launch; 0 = at once. */
export interface Lag {
  /** `describe` and `list` miss a machine for this long. */
  readonly readsMs?: number;
  /** Verbs by id do not find it for this long: `terminate` answers well and does nothing, as on EC2. */
  readonly verbsMs?: number;
}

export interface SimulatedCloudOptions {
  /** Names of its zones; `zone-a` and `zone-b` unless told. */
  readonly zones?: readonly string[];
  /** Room per zone; a zone not named is boundless. */
  readonly room?: Readonly<Record<string, Room>>;
  /** Limits of the whole account: beyond them a launch is refused with `quota`. */
  readonly quota?: Room;
  /** The largest machine there is; a larger flavor is `invalid`. */
  readonly largest?: { readonly vcpus: number; readonly memoryMb: number };
  /** Time from call to answer. The effect is at once, so an abort ends the wait only. 0 = no timer at all. */
  readonly latencyMs?: number | Partial<Readonly<Record<ProviderVerb, number>>>;
  /** How long a machine is `pending`, `stopping` (unless forced; suspending too), `terminating`. 0 = not at all. */
  readonly bootMs?: number;
  readonly stopMs?: number;
  readonly terminateMs?: number;
  /** How long the vendor works on a new size, a new root disk or a detachment. */
  readonly changeMs?: number;
  /** How long a snapshot is `pending`. */
  readonly snapshotMs?: number;
  readonly lag?: Lag;
  /** Each machine gets a floating address once it runs. */
  readonly floatingAddresses?: boolean;
  /** Whether the cloud has the ability `ensureAddress`, and then for every machine. */
  readonly keptAddresses?: boolean;
  readonly pageSize?: number;
  readonly terminatedVisibleMs?: number;
  readonly tokenMemoryMs?: number;
  readonly clock?: Clock;
}

/** Every option, decided. */
export interface CloudSettings {
  readonly zones: readonly string[];
  readonly largest: { readonly vcpus: number; readonly memoryMb: number };
  readonly latencyOf: (verb: ProviderVerb) => number;
  readonly bootMs: number;
  readonly stopMs: number;
  readonly terminateMs: number;
  readonly changeMs: number;
  readonly snapshotMs: number;
  readonly readLagMs: number;
  readonly verbLagMs: number;
  readonly floatingAddresses: boolean;
  readonly keptAddresses: boolean;
  readonly pageSize: number;
  readonly terminatedVisibleMs: number;
  readonly tokenMemoryMs: number;
  readonly clock: Clock;
}

const DEFAULT_ZONES = ['zone-a', 'zone-b'];
const LARGEST = { vcpus: 448, memoryMb: 24 * 1024 * 1024 };

export function decide(options: SimulatedCloudOptions): CloudSettings {
  const latency = options.latencyMs ?? 0;
  return {
    zones: options.zones ?? DEFAULT_ZONES,
    largest: options.largest ?? LARGEST,
    latencyOf: typeof latency === 'number' ? () => latency : (verb) => latency[verb] ?? 0,
    bootMs: options.bootMs ?? 0,
    stopMs: options.stopMs ?? 0,
    terminateMs: options.terminateMs ?? 0,
    changeMs: options.changeMs ?? 0,
    snapshotMs: options.snapshotMs ?? 0,
    readLagMs: options.lag?.readsMs ?? 0,
    verbLagMs: options.lag?.verbsMs ?? 0,
    floatingAddresses: options.floatingAddresses ?? false,
    keptAddresses: options.keptAddresses ?? false,
    pageSize: options.pageSize ?? LIST_PAGE_SIZE,
    terminatedVisibleMs: options.terminatedVisibleMs ?? TERMINATED_VISIBLE_MS,
    tokenMemoryMs: options.tokenMemoryMs ?? TOKEN_MEMORY_MS,
    clock: options.clock ?? systemClock,
  };
}
