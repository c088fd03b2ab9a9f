import type { JsonObject } from './json.js';
import type {
  ActionEventRow,
  ActionRow,
  BandwidthRow,
  BlockDeviceRow,
  CellRow,
  ComputeHost,
  ComputeNodeRow,
  ImageRow,
  InstanceSummary,
  InstanceView,
  LaunchRow,
  MigrationRow,
  OperationRow,
  OutboxEntry,
  ProviderInstanceRow,
  ServiceRow,
  StrayRow,
  TaskLogRow,
  Usage,
} from './rows.js';
import type { CommitResult, Unit } from './unit.js';

export interface StoreOptions {
  /** `postgresql://user:password@host:port/database`, or SQLAlchemy's `postgresql+psycopg2://…`. */
  readonly url: string;
  /** Connections for reading and claiming (default 6). Committing takes two more, listening one. */
  readonly poolSize?: number;
  /** Least time between two reports of one instance, in ms. */
  readonly reportGapMs: number;
  /** How long after its last report an instance's state is said once more, in ms. */
  readonly settleMs: number;
}

/** The cell's database. Every method may reject when the database is away: the caller repeats. */
export interface Store {
  /** Applies the unit; resolves when it is durable. See {@link Unit}. */
  commit(unit: Unit): Promise<CommitResult>;

  readonly instances: {
    /** Undeleted and deleted ones; unknown uuids are missing in the answer. */
    views(uuids: readonly string[]): Promise<ReadonlyMap<string, InstanceView>>;
    blockDevices(uuid: string): Promise<readonly BlockDeviceRow[]>;
    /**
     * Pages in the order of ids for heal and sync: instances changed since (created, updated or deleted), of a project, with
     * or without deleted ones. New metadata, addresses and flavors are changes of their instance. The next page begins after
     * the last id of this one.
     */
    changed(query: {
      readonly projectId?: string;
      readonly since?: Date;
      readonly deleted: boolean;
      readonly afterId?: number;
      readonly limit: number;
    }): Promise<readonly { readonly id: number; readonly uuid: string; readonly deleted: boolean }[]>;
    /** Pages of the live ones in the order of ids, for sweeps and audits. The next page begins after the last id of this one. */
    list(page: { readonly afterId?: number; readonly limit: number }): Promise<readonly InstanceSummary[]>;
    /** One row per host (null: none yet) over undeleted instances. */
    usage(): Promise<readonly Usage[]>;
  };

  readonly operations: {
    /**
     * Takes up to `limit` due operations, each the oldest unfinished of its instance, and leases them. Two holders never have
     * operations of one instance. One whose lease ran out is given to the next who asks, under a higher fence.
     */
    claim(query: { readonly holder: string; readonly leaseMs: number; readonly limit: number }): Promise<readonly OperationRow[]>;
    /** Makes the leases that are still ours end in `leaseMs`, which may also be sooner; answers the ids that are. */
    renew(held: readonly { readonly id: string; readonly fence: string }[], leaseMs: number): Promise<ReadonlySet<string>>;
    /** Unfinished operations of the instance, oldest first. */
    pending(instanceUuid: string): Promise<readonly OperationRow[]>;
    /** Unfinished operations of all instances that are at that step, oldest first. */
    at(step: string): Promise<readonly OperationRow[]>;
    /** Ms until the next one is due, or a lease runs out; null: none waits. What waits behind an earlier one does not count. */
    nextDueMs(): Promise<number | null>;
    counts(): Promise<{ readonly queued: number; readonly overdue: number }>;
  };

  readonly launches: {
    /** Every launch recorded for the instance, oldest first. */
    of(instanceUuid: string): Promise<readonly LaunchRow[]>;
  };

  readonly providerInstances: {
    of(uuids: readonly string[]): Promise<ReadonlyMap<string, ProviderInstanceRow>>;
    byProviderIds(ids: readonly string[]): Promise<ReadonlyMap<string, ProviderInstanceRow>>;
    /** Those whose time to be looked at has come. */
    due(limit: number): Promise<readonly ProviderInstanceRow[]>;
    /** Pages of all of them in the order of uuids, for sweeps. The next page begins after the last uuid of this one. */
    all(page: { readonly after?: string; readonly limit: number }): Promise<readonly ProviderInstanceRow[]>;
    nextDueMs(): Promise<number | null>;
  };

  readonly outbox: {
    /**
     * Takes entries that are due: messages and fresh reports by due time, repeats last. Of an instance's messages one at a
     * time, in their order: the next one may be claimed when this one is sent.
     */
    claim(query: { readonly holder: string; readonly leaseMs: number; readonly limit: number }): Promise<readonly OutboxEntry[]>;
    /**
     * Said and confirmed: a message is removed; a report is said once more after the settle time
     * and then removed; one that changed meanwhile stays due.
     */
    sent(entries: readonly OutboxEntry[]): Promise<void>;
    /** Not said: due again after `delayMs`. */
    putBack(entries: readonly OutboxEntry[], delayMs: number): Promise<void>;
    nextDueMs(): Promise<number | null>;
    counts(): Promise<{ readonly waiting: number; readonly settling: number }>;
  };

  readonly hosts: {
    /** Makes or refreshes the service and compute node of each host; hosts no longer named are soft-deleted. */
    ensure(hosts: readonly ComputeHost[]): Promise<void>;
    services(filter?: {
      readonly host?: string;
      readonly topic?: string;
      readonly binary?: string;
      readonly disabled?: boolean;
    }): Promise<readonly ServiceRow[]>;
    /** Null when there is no such service. */
    setDisabled(host: string, binary: string, disabled: boolean, reason: string | null): Promise<ServiceRow | null>;
    setForcedDown(host: string, binary: string, forcedDown: boolean): Promise<ServiceRow | null>;
    deleteService(id: number): Promise<boolean>;
    /** With what runs on them counted in (running_vms: all instances of the host, as in nova); `match`: part of hypervisor_hostname. */
    computeNodes(match?: string | null): Promise<readonly ComputeNodeRow[]>;
    /** By id or uuid. */
    computeNode(idOrUuid: string): Promise<ComputeNodeRow | null>;
  };

  readonly actions: {
    of(instanceUuid: string): Promise<readonly ActionRow[]>;
    byRequest(instanceUuid: string, requestId: string): Promise<ActionRow | null>;
    events(actionId: number): Promise<readonly ActionEventRow[]>;
  };

  readonly reports: {
    taskLog(query: {
      readonly taskName: string;
      readonly begin: Date;
      readonly end: Date;
      readonly host?: string | null;
      readonly state?: string | null;
    }): Promise<readonly TaskLogRow[]>;
    /** Keys: status, host (source or destination), instance_uuid, migration_type, source_compute. */
    migrations(filters: JsonObject): Promise<readonly MigrationRow[]>;
  };

  readonly migrations: {
    /** Undeleted ones of the instance, newest first. */
    of(instanceUuid: string): Promise<readonly MigrationRow[]>;
  };

  readonly strays: {
    /** Notes what a sweep saw (again); answers all that are known, oldest first. */
    seen(
      machines: readonly {
        readonly providerId: string;
        readonly zone: string;
        readonly state: string;
        readonly launchedAt: Date | null;
      }[],
    ): Promise<readonly StrayRow[]>;
    mark(providerId: string, what: 'quarantined' | 'ended'): Promise<void>;
    /** The provider shows them no longer, or a row knows them now. */
    forget(providerIds: readonly string[]): Promise<void>;
    list(): Promise<readonly StrayRow[]>;
  };

  readonly images: {
    /** Null: never recorded, or forgotten. */
    find(imageId: string): Promise<ImageRow | null>;
    /** Those made of the instance and not forgotten, newest first; also of a deleted instance. */
    of(
      instanceUuid: string,
      filter?: { readonly kind?: ImageRow['kind']; readonly backupType?: string },
    ): Promise<readonly ImageRow[]>;
  };

  readonly bandwidth: {
    /** One row for each interface that was read in this period, by uuid and mac. */
    of(uuids: readonly string[], startPeriod: Date): Promise<readonly BandwidthRow[]>;
  };

  readonly flavors: {
    /**
     * The flavor as it was last seen, in nova's field names; `extra_specs` is an object of texts, `id` the parent's (null when
     * it came without one). Null: never seen.
     */
    find(flavorid: string): Promise<JsonObject | null>;
    /** All that were seen with the parent's id, in the same form, by name. */
    list(): Promise<readonly JsonObject[]>;
  };

  /** Memory (MiB) and disk (GiB) sizes of all flavors seen in builds. */
  flavorSizes(): Promise<readonly { readonly memoryMb: number; readonly diskGb: number }[]>;

  readonly keyPairs: {
    find(userId: string, name: string): Promise<{ readonly publicKey: string } | null>;
    remember(userId: string, name: string, publicKey: string): Promise<void>;
  };

  readonly cells: {
    list(): Promise<readonly CellRow[]>;
    /** Rejects with a `StoreError` of kind `exists` when the name is taken. */
    create(cell: Omit<CellRow, 'id'>): Promise<CellRow>;
    delete(name: string): Promise<boolean>;
  };

  readonly consoleTokens: {
    /** For `ttlMs` from now, by the database's clock. The token itself is never kept. */
    add(token: {
      readonly tokenHash: string;
      readonly instanceUuid: string;
      readonly consoleType: string;
      readonly host: string;
      readonly port: number;
      readonly ttlMs: number;
    }): Promise<void>;
    /** Null: unknown, expired, or of an instance that is deleted. */
    find(tokenHash: string): Promise<{ readonly instanceUuid: string; readonly consoleType: string } | null>;
    /** Whether a token of that type and port still stands for the instance. */
    holds(console: { readonly instanceUuid: string; readonly port: number; readonly consoleType: string }): Promise<boolean>;
  };

  readonly leases: {
    /** Takes or lengthens a named lease; null while another holder has it. The fence grows with every change of holder. */
    hold(name: string, holder: string, ttlMs: number): Promise<string | null>;
    release(name: string, holder: string): Promise<void>;
  };

  readonly buckets: {
    /**
     * Takes up to `want` tokens, at least `least` (default 1) or none. `waitMs`: when to ask again if none were granted.
     * Shared by all replicas; time is the database's.
     */
    take(
      name: string,
      size: { readonly capacity: number; readonly refillPerSecond: number },
      want: number,
      least?: number,
    ): Promise<{ readonly granted: number; readonly waitMs: number }>;
    /** After a throttle answer. */
    empty(name: string): Promise<void>;
    /** What was taken for something that did not happen; the bucket holds no more than it can. */
    giveBack(name: string, bucket: { readonly capacity: number }, count: number): Promise<void>;
  };

  /** What the provider had no room for lately: shared by all replicas. */
  readonly refusals: {
    /** Repeat-safe; of several times for one key the latest counts. */
    mark(key: string, until: Date): Promise<void>;
    /** Those that have not ended by the database's clock and begin so, with their end. */
    current(prefix: string): Promise<ReadonlyMap<string, Date>>;
  };

  readonly rejected: {
    count(): Promise<number>;
    /** Newest first. */
    list(limit: number): Promise<
      readonly {
        readonly id: string;
        readonly at: Date;
        readonly reason: string;
        readonly detail: string;
        readonly method: string | null;
        readonly body: string;
      }[]
    >;
  };

  /** A value made once and kept, e.g. the cell's incarnation: the first caller's candidate wins. */
  settle(key: string, candidate: string): Promise<{ readonly value: string; readonly createdAt: Date }>;

  /**
   * Calls back soon after another process (or this one) committed work of that sort, and after the connection that
   * listens was made anew. Calls may be lost, never work: keep a slow poll behind. Returns how to stop.
   */
  onWork(sort: 'operations' | 'outbox', listener: () => void): () => void;

  /** Removes what is past keeping: seen messages, finished operations, rejected messages, expired console tokens, launches of deleted instances. */
  purge(now: Date): Promise<number>;

  /** Commits what was handed in, then ends all connections. Repeat-safe. */
  close(): Promise<void>;
}
