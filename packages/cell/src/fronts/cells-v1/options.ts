import type { Dialect, InterCellNames, TransportOptions } from '@burstcell/wire';
import type { SpokenRelease } from './spoken-release.js';

/** What an operator decided about the cells v1 front; names are nova.conf's where it has one. */
export interface CellsV1Options {
  /** `[cells] name`: must equal the name in the parent's cells table. */
  readonly name: string;
  /** `[DEFAULT] host`. */
  readonly host: string;
  readonly spoken: SpokenRelease;
  /** That of `spoken`, which may change: read it at each use. */
  readonly dialect: Dialect;
  readonly transportUrl: string;
  readonly names: InterCellNames;
  /** Of the parent's side; differ from ours only where both share one virtual host. */
  readonly parentNames: InterCellNames;
  /** Of the children's side. */
  readonly childNames: InterCellNames;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  /** `rabbit_transient_queues_ttl`: our fanout queues are gone this long after us (Mitaka on). */
  readonly transientQueuesTtlMs: number;
  /** `[oslo_messaging_rabbit] ssl_*`, read; null: no TLS. */
  readonly tls: NonNullable<TransportOptions['tls']> | null;
  readonly heartbeatSeconds: number;
  readonly prefetch: number;
  readonly callTimeoutMs: number;
  readonly maxHopCount: number;
  /** `[cells] mute_child_interval`: a child that was silent for so long is not waited for. */
  readonly muteChildIntervalMs: number;
  readonly neighboursRefreshMs: number;
  /** `[cells] cells_config`; null: the cells table. */
  readonly cellsConfig: string | null;
  readonly pulseIntervalMs: number;
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
}
