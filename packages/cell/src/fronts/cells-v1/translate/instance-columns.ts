import type { InstanceColumns } from '@burstcell/store';
import { type NovaField, parseTime } from '@burstcell/wire';
import type { Fields } from './fields.js';

type Kind = 'text' | 'number' | 'flag' | 'time';

/** Columns of `instances` that come down with a build, and how their values travel. */
const COLUMNS: Readonly<Record<string, Kind>> = {
  user_id: 'text',
  project_id: 'text',
  image_ref: 'text',
  kernel_id: 'text',
  ramdisk_id: 'text',
  hostname: 'text',
  launch_index: 'number',
  key_name: 'text',
  key_data: 'text',
  power_state: 'number',
  vm_state: 'text',
  task_state: 'text',
  memory_mb: 'number',
  vcpus: 'number',
  root_gb: 'number',
  ephemeral_gb: 'number',
  instance_type_id: 'number',
  user_data: 'text',
  reservation_id: 'text',
  availability_zone: 'text',
  display_name: 'text',
  display_description: 'text',
  locked: 'flag',
  locked_by: 'text',
  os_type: 'text',
  architecture: 'text',
  vm_mode: 'text',
  root_device_name: 'text',
  default_ephemeral_device: 'text',
  default_swap_device: 'text',
  config_drive: 'text',
  access_ip_v4: 'text',
  access_ip_v6: 'text',
  auto_disk_config: 'flag',
  progress: 'number',
  shutdown_terminate: 'flag',
  disable_terminate: 'flag',
  ephemeral_key_uuid: 'text',
};

const ALL_COLUMNS = Object.keys(COLUMNS);

/** The named columns (default: all that come down) as far as they are set. */
export function instanceColumns({ values }: Fields, names: readonly string[] = ALL_COLUMNS): InstanceColumns {
  const known = names.filter((name) => Object.hasOwn(values, name));
  return Object.fromEntries(known.map((name) => [name, columnValue(COLUMNS[name] ?? 'text', values[name])]));
}

function columnValue(kind: Kind, value: NovaField | undefined): string | number | boolean | Date | null {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : null;
    case 'flag':
      return value === true || value === 1;
    case 'time':
      return typeof value === 'string' ? parseTime(value) : null;
    default:
      return kind satisfies never;
  }
}
