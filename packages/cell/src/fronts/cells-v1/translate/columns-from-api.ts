import type { InstanceColumns } from '@burstcell/store';
import type { Fields } from './fields.js';
import { instanceColumns } from './instance-columns.js';

/** What a user or admin changes at the parent without a verb of its own. States only count with `admin_state_reset`. */
const FOLLOWED: readonly string[] = [
  'display_name',
  'display_description',
  'locked',
  'locked_by',
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'shutdown_terminate',
  'disable_terminate',
];

/** The columns of an `instance_update_from_api` to take over: those named in `changes` (nova/cells/messaging.py, Havana on). */
export function columnsFromApi(fields: Fields, adminStateReset: boolean): InstanceColumns {
  const names = adminStateReset ? [...FOLLOWED, 'vm_state', 'task_state'] : FOLLOWED;
  return instanceColumns(
    fields,
    names.filter((name) => fields.changes.has(name)),
  );
}
