import { RELEASES, type Release } from '../dialects/release.js';

/** How a column of `instances` is spelled on the wire. */
export type ColumnKind = 'text' | 'integer' | 'boolean' | 'time' | 'state';

/** A column that a child reports. */
export interface Column {
  readonly kind: ColumnKind;
  /** First release that has it; before, it is not sent. */
  readonly since: Release;
}

const text: Column = { kind: 'text', since: 'grizzly' };
const integer: Column = { kind: 'integer', since: 'grizzly' };
const time: Column = { kind: 'time', since: 'grizzly' };

/** Columns a running instance's report may name: everything else at the parent is the parent's own. */
export const REPORT_COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['host', text],
  ['node', text],
  ['vm_state', { kind: 'state', since: 'grizzly' }],
  ['task_state', { kind: 'state', since: 'grizzly' }],
  ['power_state', integer],
  ['progress', integer],
  ['launched_at', time],
  ['terminated_at', time],
  ['launched_on', text],
  ['availability_zone', text],
  ['root_device_name', text],
  ['access_ip_v4', text],
  ['access_ip_v6', text],
  ['hostname', text],
  ['display_name', text],
  ['image_ref', text],
  ['instance_type_id', integer],
  ['memory_mb', integer],
  ['vcpus', integer],
  ['root_gb', integer],
  ['ephemeral_gb', integer],
  ['locked', { kind: 'boolean', since: 'grizzly' }],
  ['locked_by', { kind: 'text', since: 'havana' }],
]);

/** Columns that only the creation of a row names. */
export const ADOPTION_COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ...REPORT_COLUMNS,
  ['project_id', text],
  ['user_id', text],
  ['created_at', time],
  ['reservation_id', text],
]);

/** nova/compute/vm_states.py, all releases. Any other value is shown as UNKNOWN. */
export const VM_STATES: ReadonlySet<string> = new Set([
  'active',
  'building',
  'paused',
  'suspended',
  'stopped',
  'rescued',
  'resized',
  'soft-delete',
  'deleted',
  'error',
  'shelved',
  'shelved_offloaded',
]);

/** The parent's flavor of a server, Grizzly to Juno: with one of these missing, list and show of the project fail. */
export const FLAVOR_KEYS: readonly string[] = [
  'id',
  'name',
  'memory_mb',
  'vcpus',
  'root_gb',
  'ephemeral_gb',
  'flavorid',
  'swap',
  'rxtx_factor',
  'vcpu_weight',
].map((key) => `instance_type_${key}`);

/** The one of {@link FLAVOR_KEYS} that may be null. */
export const NULLABLE_FLAVOR_KEY = 'instance_type_vcpu_weight';

/** Width of the parent's text columns: a longer value loses the update (PostgreSQL, MySQL in strict mode). */
export const TEXT_COLUMN_MAX_CHARS = 255;

/** Range of the parent's integer columns. */
export const INTEGER_COLUMN_MAX = 2_147_483_647;

/** Columns of block_device_mapping that a report may name, each with the first release that has it (nova/db/sqlalchemy/models.py). */
export const BDM_COLUMNS: ReadonlyMap<string, Release> = new Map<string, Release>([
  ['instance_uuid', 'havana'],
  ['device_name', 'havana'],
  ['volume_id', 'havana'],
  ['source_type', 'havana'],
  ['destination_type', 'havana'],
  ['image_id', 'havana'],
  ['snapshot_id', 'havana'],
  ['volume_size', 'havana'],
  ['boot_index', 'havana'],
  ['delete_on_termination', 'havana'],
  ['device_type', 'havana'],
  ['disk_bus', 'havana'],
  ['guest_format', 'havana'],
  ['no_device', 'havana'],
  ['connection_info', 'havana'],
  ['uuid', 'queens'],
]);

export function hasColumn(release: Release, column: Column): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(column.since);
}
