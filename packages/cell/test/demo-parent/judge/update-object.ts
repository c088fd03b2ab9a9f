import { isObject, type Json, type JsonObject } from '../json.js';
import { isNovaObject, readObject } from '../objects.js';
import type { ParentDialect } from '../releases.js';
import { type Findings, Lost } from '../violations.js';
import { DROPPED, type InstanceChange } from './change.js';
import { readNetworkInfo } from './network-info.js';

const FLAVORS = ['flavor', 'old_flavor', 'new_flavor'];
/** Saved into instance_extra, or not at all: a child has no business with them. */
const FOREIGN = new Set([
  'numa_topology',
  'pci_requests',
  'migration_context',
  'vcpu_model',
  'device_metadata',
  'trusted_certs',
  'services',
  'ec2_ids',
  'keypairs',
  'tags',
  'fault',
  'pci_devices',
  'security_groups',
]);

/** Liberty on: only what `nova_object.changes` names is written (`objects/instance.py` save, `cells/messaging.py`). */
export function readObjectUpdate(value: Json | undefined, dialect: ParentDialect, findings: Findings): InstanceChange {
  const instance = readObject(value, dialect.release, findings, 'Instance');
  const { data, changes } = instance;
  const uuid = data.uuid;
  if (typeof uuid !== 'string') throw new Lost('no-uuid', 'the instance has no uuid');
  checkIdentity(data, changes, findings);
  for (const field of changes) if (FOREIGN.has(field)) findings.add('risk', 'foreign-field', `${field} is in changes`);
  const change: InstanceChange = {
    uuid,
    columns: changedColumns(data, changes),
    networkInfo: changedNetworkInfo(data, dialect, findings),
    systemMetadata: changes.includes('system_metadata') ? (data.system_metadata as Record<string, string | null>) : null,
    flavors: changedFlavors(data, changes),
    creates: !('id' in data),
  };
  if (isEmpty(change)) findings.add('useless', 'no-changes', 'nothing is named in changes');
  return change;
}

/** With an id in data the parent never makes a row of a report about a server it has purged. */
function checkIdentity(data: JsonObject, changes: readonly string[], findings: Findings): void {
  // An adoption is meant to make the row, and says so by naming the uuid.
  if (!('id' in data) && !changes.includes('uuid'))
    findings.add('risk', 'no-id', 'without an id a report about a purged server makes a ghost');
  if (changes.includes('id')) findings.add('risk', 'id-in-changes', 'id is in changes');
  if (changes.includes('uuid') && 'id' in data) findings.add('useless', 'uuid-in-changes', 'uuid is in changes');
  for (const field of ['deleted', 'deleted_at']) {
    if (changes.includes(field))
      throw new Lost('deleted-in-update', `${field} is in changes: it brings a server back, or takes it away`, 'harm');
  }
}

function changedColumns(data: JsonObject, changes: readonly string[]): JsonObject {
  const columns: JsonObject = {};
  for (const field of changes) {
    if (DROPPED.has(field) || FLAVORS.includes(field) || FOREIGN.has(field)) continue;
    if (field === 'info_cache' || field === 'system_metadata' || field === 'uuid') continue;
    columns[field] = data[field] ?? null;
  }
  return columns;
}

/** Written when the cache's *own* changes name network_info, whatever the instance's say. */
function changedNetworkInfo(data: JsonObject, dialect: ParentDialect, findings: Findings): Json[] | null {
  const cache = data.info_cache;
  if (!isNovaObject(cache)) return null;
  const read = readObject(cache, dialect.release, findings, 'InstanceInfoCache');
  if (!read.changes.includes('network_info')) return null;
  if (Array.isArray(read.data.network_info)) findings.add('risk', 'network-info-form', 'network_info is a list, not text');
  return readNetworkInfo(read.data.network_info, dialect, findings);
}

/** The three are saved together: one that is not set is loaded and fails (OrphanedObjectError). */
function changedFlavors(data: JsonObject, changes: readonly string[]): InstanceChange['flavors'] {
  if (!FLAVORS.some((field) => changes.includes(field))) return null;
  for (const field of FLAVORS)
    if (!(field in data)) throw new Lost('flavor-trio', `${field} is missing beside the other flavors`);
  const flavor = data.flavor;
  if (!isObject(flavor)) throw new Lost('flavor-trio', 'flavor is null', 'harm');
  return { flavor, old: objectOrNull(data.old_flavor), new: objectOrNull(data.new_flavor) };
}

function objectOrNull(value: Json | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

function isEmpty(change: InstanceChange): boolean {
  const { columns, networkInfo, systemMetadata, flavors } = change;
  return Object.keys(columns).length === 0 && networkInfo === null && systemMetadata === null && flavors === null;
}
