import { primitive } from './flavors.js';
import type { JsonObject } from './json.js';
import { fieldsOf, versionOf } from './objects.js';
import type { ParentDialect } from './releases.js';
import type { InstanceRow } from './tables.js';

const DATES = new Set(['created_at', 'updated_at', 'deleted_at', 'launched_at', 'terminated_at', 'scheduled_at']);
const BOOLEANS = new Set(['auto_disk_config', 'cleaned', 'disable_terminate', 'locked', 'shutdown_terminate']);
/** What the API loads with an instance before it sends a verb; the rest stays unset. */
const UNSET = new Set(['fault', 'tags', 'services', 'ec2_ids', 'device_metadata', 'keypairs', 'trusted_certs', 'vcpu_model']);

/** The row as an Instance object of the release, fit for a verb. `whole` adds what a build carries. */
export function instanceObject(
  row: InstanceRow,
  dialect: ParentDialect,
  options: { changes?: string[]; whole?: boolean } = {},
): JsonObject {
  const fields = fieldsOf('Instance', dialect.release) ?? new Map<string, string>();
  const data: JsonObject = {};
  for (const [field, type] of fields) {
    if (UNSET.has(field) || type.startsWith('object:')) continue;
    data[field] = scalar(row, field);
  }
  data.metadata = { ...row.metadata };
  data.system_metadata = { ...row.system_metadata };
  if (options.whole) addNested(row, dialect, { data, fields });
  return primitive('Instance', versionOf('Instance', dialect.release), data, options.changes);
}

function scalar(row: InstanceRow, field: string): JsonObject[string] {
  if (field === 'uuid') return row.uuid;
  if (field === 'id') return row.id;
  if (field === 'deleted') return row.deleted;
  const value = row.columns[field] ?? null;
  if (value === null) return BOOLEANS.has(field) ? false : null;
  return DATES.has(field) && typeof value === 'string' ? objectDate(value) : value;
}

/** Objects carry whole seconds and a Z. */
export function objectDate(text: string): string {
  return `${text.slice(0, 19).replace(' ', 'T')}Z`;
}

function addNested(
  row: InstanceRow,
  dialect: ParentDialect,
  to: { data: JsonObject; fields: ReadonlyMap<string, string> },
): void {
  const add = (field: string, name: string, data: JsonObject) => {
    if (to.fields.has(field)) to.data[field] = primitive(name, versionOf(name, dialect.release), data);
  };
  add('info_cache', 'InstanceInfoCache', { instance_uuid: row.uuid, network_info: JSON.stringify(row.network_info) });
  add('security_groups', 'SecurityGroupList', { objects: [] });
  add('pci_requests', 'InstancePCIRequests', { instance_uuid: row.uuid, requests: [] });
  for (const field of ['flavor', 'old_flavor', 'new_flavor'] as const) {
    if (to.fields.has(field)) to.data[field] = row[field];
  }
  for (const field of ['numa_topology', 'vcpu_model', 'trusted_certs']) if (to.fields.has(field)) to.data[field] = null;
}

/** The row as the plain dict of Grizzly to Juno builds: dates with six digits, sets as they are in the database. */
export function instanceDict(row: InstanceRow): JsonObject {
  return {
    ...row.columns,
    uuid: row.uuid,
    id: row.id,
    name: `instance-${row.id.toString(16).padStart(8, '0')}`,
    deleted: 0,
    metadata: Object.entries(row.metadata).map(([key, value]) => ({ key, value, instance_uuid: row.uuid, deleted: 0 })),
    system_metadata: Object.entries(row.system_metadata).map(([key, value]) => ({
      key,
      value,
      instance_uuid: row.uuid,
      deleted: 0,
    })),
    info_cache: { instance_uuid: row.uuid, network_info: JSON.stringify(row.network_info), deleted: 0 },
    security_groups: [],
  };
}
