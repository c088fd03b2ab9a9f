import type { ReleaseName } from './releases.js';

/** The configuration as the program uses it. Times are milliseconds; each field is explained in the option tables. */
export interface CellConfig {
  /** As written; `parseTransportUrl` of the wire package reads it. */
  readonly transportUrl: string;
  readonly host: string;
  readonly controlExchange: string;
  readonly debug: boolean;
  /** 0: deletes are not deferred. */
  readonly reclaimInstanceIntervalMs: number;
  readonly database: { readonly connection: string };
  readonly apiDatabase: { readonly connection: string | null };
  readonly cells: CellsConfig;
  readonly rabbit: RabbitConfig;
  readonly glance: GlanceConfig;
  readonly cinder: CinderConfig;
  /** Null: its security groups are not followed. */
  readonly neutron: NeutronConfig | null;
  readonly burst: BurstConfig;
  /** Null: no gateway to consoles. */
  readonly console: ConsoleConfig | null;
  readonly simulator: SimulatorConfig;
  /** The providers' sections: what the files set, as text. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Keys that were ignored or have newer names; for the log at start. */
  readonly warnings: readonly string[];
}

export interface CellsConfig {
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly callTimeoutMs: number;
  readonly reservePercent: number;
  readonly muteChildIntervalMs: number;
  readonly maxHopCount: number;
  readonly rpcDriverQueueBase: string;
  /** Path of the JSON file that replaces the cells table. */
  readonly cellsConfig: string | null;
  readonly dbCheckIntervalMs: number;
  /** 0 or less: no threshold. */
  readonly instanceUpdatedAtThresholdMs: number;
  readonly instanceUpdateNumInstances: number;
}

export interface RabbitConfig {
  readonly amqpDurableQueues: boolean;
  readonly amqpAutoDelete: boolean;
  readonly ssl: boolean;
  readonly sslCaFile: string | null;
  readonly sslCertFile: string | null;
  readonly sslKeyFile: string | null;
  /** 0: no heartbeats. */
  readonly heartbeatTimeoutMs: number;
  readonly qosPrefetchCount: number;
  readonly transientQueuesTtlMs: number;
}

export interface GlanceConfig {
  /** Base URLs without a slash at their end; empty: there is no image service. */
  readonly apiServers: readonly string[];
  readonly apiVersion: 1 | 2;
  /** With the word {image}; null: records get data. */
  readonly locationUrl: string | null;
  readonly user: ServiceUserConfig | null;
}

export interface CinderConfig {
  readonly catalogInfo: string;
  readonly endpointTemplate: string | null;
  readonly osRegionName: string | null;
  /** cinder's id → the provider's. */
  readonly volumeMap: Readonly<Record<string, string>>;
  readonly providerIdProperty: string | null;
  readonly user: ServiceUserConfig | null;
}

export interface NeutronConfig {
  /** Without `/v2.0` at its end. */
  readonly endpoint: string;
  readonly user: ServiceUserConfig;
  readonly syncIntervalMs: number;
}

/** The cell's own user at keystone. Where there is none, only users' tokens are used. */
export interface ServiceUserConfig {
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
}

export interface BurstConfig {
  readonly provider: 'ec2' | 'simulator';
  readonly parentRelease: ReleaseName | 'auto';
  readonly zonePrefix: string;
  readonly ceiling: { readonly instances: number; readonly vcpus: number; readonly ramMb: number; readonly diskGb: number };
  readonly capacityMemoryMb: readonly number[];
  readonly capacityDiskGb: readonly number[];
  readonly workers: number;
  /** 0: no limit. */
  readonly updatesPerSecond: number;
  readonly updateGapMs: number;
  readonly settleMs: number;
  readonly earlyUpdateMs: number;
  readonly buildDeadlineMs: number;
  readonly verbDeadlineMs: number;
  readonly importDeadlineMs: number;
  readonly parentControlExchange: string;
  readonly parentQueueBase: string;
  readonly pulseIntervalMs: number;
  readonly sweepIntervalMs: number;
  /** In its place where the provider tells of changes by itself. */
  readonly sweepIntervalWithEventsMs: number;
  readonly strays: 'report' | 'stop' | 'delete';
  readonly observeOnly: boolean;
  /** Null: the one kept in the database. */
  readonly incarnation: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export interface ConsoleConfig {
  /** Where to listen. */
  readonly host: string;
  readonly port: number;
  /** Where users reach it. */
  readonly publicUrl: string;
  /** Null, as `key` then: no TLS. */
  readonly cert: string | null;
  readonly key: string | null;
  readonly tokenTtlMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxPerInstance: number;
  /** Sites that may show the page inside their own; empty: none. */
  readonly frameAncestors: readonly string[];
}

export interface SimulatorConfig {
  readonly zones: readonly string[];
  /** Instances per zone; null: no limit. */
  readonly roomInstances: number | null;
  /** In each zone. */
  readonly volumes: number;
  readonly latencyMs: number;
  readonly bootDelayMs: number;
  readonly stopDelayMs: number;
  readonly terminateDelayMs: number;
  readonly changeDelayMs: number;
  readonly snapshotDelayMs: number;
}
