import { hostname } from 'node:os';
import { ownGroups } from './burst-options.js';
import type { CellConfig } from './cell-config.js';
import { cinder } from './cinder.js';
import { ConfigError } from './config-error.js';
import { consoleConfig } from './console-options.js';
import { glance } from './glance.js';
import { neutron } from './neutron-options.js';
import { novaGroups } from './nova-options.js';
import type { OptionGroup } from './option.js';
import { OptionReader } from './option-reader.js';
import { RawConfig } from './raw-config.js';
import type { ReleaseName } from './releases.js';

/** All sections: nova's, ours, and those of the providers. */
export function allGroups(extra: readonly OptionGroup[]): readonly OptionGroup[] {
  return [...novaGroups, ...ownGroups, ...extra];
}

/**
 * Reads and checks the files, in order; a later file overrides an earlier one. `extra` are the
 * providers' sections, whose texts are checked here and kept as texts in `sections`.
 * Throws a {@link ConfigError} that names file, line and remedy and holds no secret.
 */
export function loadConfig(files: readonly string[], extra: readonly OptionGroup[]): CellConfig {
  const raw = new RawConfig(files, allGroups(extra));
  const read = new OptionReader(raw);
  const config = {
    ...defaults(read),
    database: { connection: read.text('database', 'connection') },
    apiDatabase: { connection: read.textOrNull('api_database', 'connection') },
    cells: cells(read),
    rabbit: rabbit(read),
    glance: glance(read),
    cinder: cinder(read),
    neutron: neutron(read),
    burst: burst(read),
    console: consoleConfig(read, raw),
    simulator: simulator(read),
    sections: Object.fromEntries(extra.map((group) => [group.name, raw.section(group.name)])),
    warnings: raw.warnings,
  };
  checkTogether(config, raw);
  return config;
}

function defaults(read: OptionReader) {
  return {
    transportUrl: read.text('DEFAULT', 'transport_url'),
    host: read.textOrNull('DEFAULT', 'host') ?? hostname(),
    controlExchange: read.text('DEFAULT', 'control_exchange'),
    debug: read.boolean('DEFAULT', 'debug'),
    reclaimInstanceIntervalMs: read.seconds('DEFAULT', 'reclaim_instance_interval'),
  };
}

function cells(read: OptionReader): CellConfig['cells'] {
  return {
    name: read.cellName('cells', 'name'),
    capabilities: read.list('cells', 'capabilities'),
    callTimeoutMs: read.seconds('cells', 'call_timeout'),
    reservePercent: read.number('cells', 'reserve_percent'),
    muteChildIntervalMs: read.seconds('cells', 'mute_child_interval'),
    maxHopCount: read.number('cells', 'max_hop_count'),
    rpcDriverQueueBase: read.text('cells', 'rpc_driver_queue_base'),
    cellsConfig: read.textOrNull('cells', 'cells_config'),
    dbCheckIntervalMs: read.seconds('cells', 'db_check_interval'),
    instanceUpdatedAtThresholdMs: read.seconds('cells', 'instance_updated_at_threshold'),
    instanceUpdateNumInstances: read.number('cells', 'instance_update_num_instances'),
  };
}

function rabbit(read: OptionReader): CellConfig['rabbit'] {
  const group = 'oslo_messaging_rabbit';
  return {
    amqpDurableQueues: read.boolean(group, 'amqp_durable_queues'),
    amqpAutoDelete: read.boolean(group, 'amqp_auto_delete'),
    ssl: read.boolean(group, 'ssl'),
    sslCaFile: read.textOrNull(group, 'ssl_ca_file'),
    sslCertFile: read.textOrNull(group, 'ssl_cert_file'),
    sslKeyFile: read.textOrNull(group, 'ssl_key_file'),
    heartbeatTimeoutMs: read.seconds(group, 'heartbeat_timeout_threshold'),
    qosPrefetchCount: read.number(group, 'rabbit_qos_prefetch_count'),
    transientQueuesTtlMs: read.seconds(group, 'rabbit_transient_queues_ttl'),
  };
}

function burst(read: OptionReader): CellConfig['burst'] {
  const number = (name: string) => read.number('burst', name);
  return {
    provider: read.text('burst', 'provider') as CellConfig['burst']['provider'],
    parentRelease: read.text('burst', 'parent_release') as ReleaseName | 'auto',
    zonePrefix: read.textOrNull('burst', 'zone_prefix') ?? `${read.text('cells', 'name')}-`,
    ceiling: {
      instances: number('max_instances'),
      vcpus: number('max_vcpus'),
      ramMb: number('max_ram_mb'),
      diskGb: number('max_disk_gb'),
    },
    capacityMemoryMb: read.wholeNumbers('burst', 'capacity_memory_mb'),
    capacityDiskGb: read.wholeNumbers('burst', 'capacity_disk_gb'),
    workers: number('workers'),
    updatesPerSecond: number('updates_per_second'),
    updateGapMs: number('update_gap_ms'),
    settleMs: number('settle_ms'),
    earlyUpdateMs: number('early_update_ms'),
    buildDeadlineMs: read.seconds('burst', 'build_deadline_s'),
    verbDeadlineMs: read.seconds('burst', 'verb_deadline_s'),
    importDeadlineMs: read.seconds('burst', 'import_deadline_s'),
    parentControlExchange: read.textOrNull('burst', 'parent_control_exchange') ?? read.text('DEFAULT', 'control_exchange'),
    parentQueueBase: read.textOrNull('burst', 'parent_queue_base') ?? read.text('cells', 'rpc_driver_queue_base'),
    pulseIntervalMs: read.seconds('burst', 'pulse_interval_s'),
    sweepIntervalMs: read.seconds('burst', 'sweep_interval_s'),
    sweepIntervalWithEventsMs: read.seconds('burst', 'sweep_interval_with_events_s'),
    strays: read.text('burst', 'strays') as CellConfig['burst']['strays'],
    observeOnly: read.boolean('burst', 'observe_only'),
    incarnation: read.textOrNull('burst', 'incarnation'),
    logLevel: read.boolean('DEFAULT', 'debug') ? 'debug' : (read.text('burst', 'log_level') as CellConfig['burst']['logLevel']),
  };
}

function simulator(read: OptionReader): CellConfig['simulator'] {
  return {
    zones: read.list('simulator', 'zones'),
    roomInstances: read.numberOrNull('simulator', 'room'),
    volumes: read.number('simulator', 'volumes'),
    latencyMs: read.number('simulator', 'latency_ms'),
    bootDelayMs: read.number('simulator', 'boot_delay_ms'),
    stopDelayMs: read.number('simulator', 'stop_delay_ms'),
    terminateDelayMs: read.number('simulator', 'terminate_delay_ms'),
    changeDelayMs: read.number('simulator', 'change_delay_ms'),
    snapshotDelayMs: read.number('simulator', 'snapshot_delay_ms'),
  };
}

/** Values that are right each by itself and wrong together. */
function checkTogether({ burst, cells, rabbit }: CellConfig, raw: RawConfig): void {
  if (burst.pulseIntervalMs >= cells.muteChildIntervalMs) {
    const place = raw.placeOf('burst', 'pulse_interval_s') ?? raw.placeOf('cells', 'mute_child_interval');
    throw new ConfigError(
      '[burst] pulse_interval_s is not below [cells] mute_child_interval',
      'The parent would take this cell for mute: lower it.',
      place,
    );
  }
  if ((rabbit.sslCertFile === null) !== (rabbit.sslKeyFile === null)) {
    const [set, missing] = rabbit.sslCertFile === null ? ['ssl_key_file', 'ssl_cert_file'] : ['ssl_cert_file', 'ssl_key_file'];
    const place = raw.placeOf('oslo_messaging_rabbit', set);
    throw new ConfigError(`[oslo_messaging_rabbit] ${set} is set without ${missing}`, 'Set both or neither.', place);
  }
}
