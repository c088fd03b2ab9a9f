import type { Write } from '@burstcell/store';
import type { Fields } from './fields.js';
import { instanceColumns } from './instance-columns.js';

/**
 * A row for an instance that is to be deleted, in case none is there. Its build may still be on its way to us, on another
 * queue or with another replica: it finds this row deleted and starts nothing.
 */
export function tombstone(uuid: string, fields?: Fields): Write {
  const known = fields === undefined ? {} : instanceColumns(fields, ['project_id', 'user_id', 'display_name', 'vm_state']);
  return {
    write: 'insert-instance',
    uuid,
    columns: { ...known, task_state: 'deleting' },
    metadata: {},
    systemMetadata: {},
    flavor: {},
    blockDevices: [],
    networkInfo: [],
  };
}
