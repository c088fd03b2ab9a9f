import { isObject, isText, type Json, type JsonObject } from '../json.js';
import type { ParentDialect } from '../releases.js';
import { type Findings, Lost } from '../violations.js';
import { DROPPED, type InstanceChange } from './change.js';
import { readNetworkInfo } from './network-info.js';

const DATES = ['created_at', 'deleted_at', 'updated_at', 'launched_at', 'terminated_at', 'scheduled_at'];
const SIX_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}$/;
const RELATIONS = [
  'extra',
  'fault',
  'services',
  'instance_type',
  'pci_devices',
  'numa_topology',
  'pci_requests',
  'tags',
  'vcpu_model',
];
const FLAVORS = ['flavor', 'old_flavor', 'new_flavor'];

/** Grizzly to Kilo: every key that is left becomes a column (`cells/messaging.py` instance_update_at_top). */
export function readDictUpdate(value: Json | undefined, dialect: ParentDialect, findings: Findings): InstanceChange {
  if (!isObject(value)) throw new Lost('not-a-dict', 'instance is no dict');
  if ('nova_object.name' in value) throw new Lost('not-a-dict', `a ${dialect.release} parent wants a dict, not an object`);
  if (!isText(value.uuid)) throw new Lost('no-uuid', 'the instance has no uuid');
  checkKeys(value, dialect, findings);
  checkDates(value, dialect);
  const change: InstanceChange = {
    uuid: value.uuid,
    columns: columnsOf(value),
    networkInfo: networkInfoOf(value.info_cache, dialect, findings),
    systemMetadata: 'system_metadata' in value ? systemMetadataOf(value.system_metadata) : null,
    flavors: null,
    creates: true,
  };
  if (Object.keys(change.columns).length === 0 && change.networkInfo === null && change.systemMetadata === null) {
    findings.add('useless', 'no-changes', 'nothing but the uuid');
  }
  return change;
}

function checkKeys(dict: JsonObject, dialect: ParentDialect, findings: Findings): void {
  for (const key of dialect.poisonKeys) {
    if (key in dict && (key === 'numa_topology' || dict[key] === null))
      throw new Lost('poison-key', `${key} in the dict loses the update`);
  }
  const deleted = dict.deleted;
  if (deleted === 0 || deleted === false) findings.add('risk', 'deleted-in-update', 'deleted: 0 brings a deleted server back');
  else if (deleted !== undefined) throw new Lost('deleted-in-update', 'deleted takes the server away', 'harm');
  for (const key of RELATIONS) if (key in dict) findings.add('risk', 'foreign-field', `${key} is a relation, not a column`);
}

/** Havana on converts exactly one form and raises at every other; Grizzly stores what comes, and `Z` is an SQL error. */
function checkDates(dict: JsonObject, dialect: ParentDialect): void {
  for (const key of DATES) {
    const value = dict[key];
    if (value === undefined || value === null) continue;
    const fits = isText(value) && (dialect.dates === 'raw' ? !/Z$/.test(value) : SIX_DIGITS.test(value));
    if (!fits) throw new Lost('bad-date', `${key} = ${JSON.stringify(value)}`);
  }
}

function columnsOf(dict: JsonObject): JsonObject {
  const skip = new Set([...DROPPED, ...RELATIONS, ...FLAVORS, 'info_cache', 'system_metadata', 'uuid', 'deleted']);
  return Object.fromEntries(Object.entries(dict).filter(([key]) => !skip.has(key)));
}

function networkInfoOf(cache: Json | undefined, dialect: ParentDialect, findings: Findings): Json[] | null {
  if (!isObject(cache) || !('network_info' in cache)) return null;
  return readNetworkInfo(cache.network_info, dialect, findings);
}

function systemMetadataOf(value: Json | undefined): Record<string, string | null> {
  if (Array.isArray(value)) {
    const rows = value.filter(isObject);
    return Object.fromEntries(rows.map((row) => [String(row.key), row.value === null ? null : String(row.value)]));
  }
  if (!isObject(value)) throw new Lost('bad-system-metadata', 'system_metadata is neither object nor list');
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, entry === null ? null : String(entry)]));
}
