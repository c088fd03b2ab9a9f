import { StoreError } from './errors.js';
import type { InstanceColumns, NewBlockDevice } from './rows.js';

/** How a column is read out of JSON, and what is done to fit it in. `string` is cut at 255 characters, as nova's MySQL does. */
export type ColumnSort = 'string' | 'text' | 'uuid' | 'integer' | 'boolean' | 'timestamp' | 'inet' | 'locked-by';

type Columns<T> = Readonly<Record<keyof T, ColumnSort>>;

/** The columns of `instances` that may be written: no other name ever gets into a statement. */
export const INSTANCE_COLUMNS: Columns<Required<InstanceColumns>> = {
  user_id: 'string',
  project_id: 'string',
  image_ref: 'string',
  kernel_id: 'string',
  ramdisk_id: 'string',
  hostname: 'string',
  launch_index: 'integer',
  key_name: 'string',
  key_data: 'text',
  power_state: 'integer',
  vm_state: 'string',
  task_state: 'string',
  memory_mb: 'integer',
  vcpus: 'integer',
  root_gb: 'integer',
  ephemeral_gb: 'integer',
  host: 'string',
  node: 'string',
  instance_type_id: 'integer',
  user_data: 'text',
  reservation_id: 'string',
  launched_at: 'timestamp',
  terminated_at: 'timestamp',
  availability_zone: 'string',
  display_name: 'string',
  display_description: 'string',
  launched_on: 'text',
  locked: 'boolean',
  locked_by: 'locked-by',
  os_type: 'string',
  architecture: 'string',
  vm_mode: 'string',
  root_device_name: 'string',
  default_ephemeral_device: 'string',
  default_swap_device: 'string',
  config_drive: 'string',
  access_ip_v4: 'inet',
  access_ip_v6: 'inet',
  auto_disk_config: 'boolean',
  progress: 'integer',
  shutdown_terminate: 'boolean',
  disable_terminate: 'boolean',
  ephemeral_key_uuid: 'uuid',
  cleaned: 'integer',
};

export const BLOCK_DEVICE_COLUMNS: Columns<NewBlockDevice> = {
  device_name: 'string',
  source_type: 'string',
  destination_type: 'string',
  device_type: 'string',
  disk_bus: 'string',
  guest_format: 'string',
  boot_index: 'integer',
  image_id: 'uuid',
  volume_id: 'uuid',
  snapshot_id: 'uuid',
  volume_size: 'integer',
  delete_on_termination: 'boolean',
  no_device: 'boolean',
  connection_info: 'text',
  tag: 'string',
};

const RECORD_TYPES: Readonly<Record<ColumnSort, string>> = {
  string: 'text',
  text: 'text',
  uuid: 'text',
  integer: 'integer',
  boolean: 'boolean',
  timestamp: 'timestamp',
  inet: 'inet',
  'locked-by': 'instances_locked_by',
};

/** `host text, vcpus integer, …`: the columns as `json_to_recordset` reads them. */
export function recordTypes(columns: Readonly<Record<string, ColumnSort>>): string {
  return Object.entries(columns)
    .map(([name, sort]) => `${name} ${RECORD_TYPES[sort]}`)
    .join(', ');
}

/** One column of the record `alias`, fitted in. */
export function fitted(alias: string, name: string, sort: ColumnSort): string {
  return sort === 'string' ? `${alias}.${name}::varchar(255)` : `${alias}.${name}`;
}

/** Refuses columns we do not know and values that JSON would silently turn into null. */
export function checkInstanceColumns(set: InstanceColumns): void {
  for (const [name, value] of Object.entries(set)) {
    if (!Object.hasOwn(INSTANCE_COLUMNS, name)) throw new StoreError('bad-value', `instances has no column ${name} to write`);
    if (typeof value === 'number' && !Number.isFinite(value)) throw new StoreError('bad-value', `${name} is not a number`);
    if (value instanceof Date) checkDate(name, value);
  }
}

/** Refuses what is no whole number of at least 0, or too large to be exact. */
export function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new StoreError('bad-value', `${name} is not a count`);
}

/** Refuses an invalid date, which JSON would turn into null. */
export function checkDate(name: string, value: Date): void {
  if (Number.isNaN(value.getTime())) throw new StoreError('bad-value', `${name} is not a date`);
}
