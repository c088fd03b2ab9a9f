import { isObject, isText, type Json, type JsonObject } from '../json.js';
import { fieldsOf, readObject } from '../objects.js';
import type { ParentDialect } from '../releases.js';
import type { FaultRow, Tables } from '../tables.js';
import { type Findings, Lost } from '../violations.js';

const MAX_FAULT_MESSAGE = 255;
const BDM_REQUIRED = ['instance_uuid', 'device_name', 'volume_id', 'source_type', 'destination_type'];
const BANDWIDTH_KEYS = ['uuid', 'mac', 'start_period', 'bw_in', 'bw_out', 'last_ctr_in', 'last_ctr_out', 'last_refreshed'];
const FAULT_KEYS = [
  'instance_uuid',
  'code',
  'message',
  'details',
  'host',
  'id',
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
];
const BDM_COLUMNS = new Set([
  ...BDM_REQUIRED,
  'id',
  'uuid',
  'attachment_id',
  'tag',
  'boot_index',
  'connection_info',
  'created_at',
  'updated_at',
  'deleted',
  'deleted_at',
  'delete_on_termination',
  'device_type',
  'disk_bus',
  'guest_format',
  'image_id',
  'no_device',
  'snapshot_id',
  'volume_size',
]);

/** The uuid of an `instance_destroy_at_top`, in the form of the release. */
export function readDestroy(value: Json | undefined, dialect: ParentDialect, findings: Findings): string {
  if (dialect.updates === 'dict') {
    const uuid = isObject(value) && !('nova_object.name' in value) ? value.uuid : undefined;
    if (!isText(uuid)) throw new Lost('no-uuid', 'instance is no dict with a uuid');
    return uuid;
  }
  const uuid = readObject(value, dialect.release, findings, 'Instance').data.uuid;
  if (!isText(uuid)) throw new Lost('no-uuid', 'the instance has no uuid');
  return uuid;
}

/** A dict in every release; Juno on it becomes an object, and a key that is no field raises. */
export function readFault(value: Json | undefined, dialect: ParentDialect, findings: Findings): FaultRow {
  if (!isObject(value)) throw new Lost('not-a-dict', 'instance_fault is no dict');
  const { instance_uuid: uuid, code, message, details, host } = value;
  if (!isText(uuid)) throw new Lost('no-uuid', 'the fault has no instance_uuid');
  if (typeof code !== 'number' || !Number.isInteger(code)) throw new Lost('wrong-type', `fault code ${code}`);
  if (!isText(message)) throw new Lost('wrong-type', 'fault message is no text');
  if (message.length > MAX_FAULT_MESSAGE) throw new Lost('too-long', `a fault message of ${message.length} characters`);
  const unknown = Object.keys(value).filter((key) => !FAULT_KEYS.includes(key));
  if (unknown.length > 0 && dialect.strictFaults) throw new Lost('unknown-fault-key', `the fault has ${unknown.join(', ')}`);
  if (code === 500) findings.add('risk', 'fault-500', 'with code 500 a user sees no details');
  return { instance_uuid: uuid, code, message, details: isText(details) ? details : null, host: isText(host) ? host : null };
}

export function storeFault(fault: FaultRow, tables: Tables): void {
  const faults = tables.faults.get(fault.instance_uuid) ?? [];
  tables.faults.set(fault.instance_uuid, [...faults, fault]);
  tables.changed(fault.instance_uuid);
}

export function readBlockDevice(kwargs: JsonObject, dialect: ParentDialect, findings: Findings): JsonObject {
  const bdm = kwargs.bdm;
  if (!isObject(bdm)) throw new Lost('not-a-dict', 'bdm is no dict');
  if (dialect.release === 'grizzly') throw new Lost('unknown-method', 'Grizzly has no BDM messages');
  for (const key of BDM_REQUIRED) if (!(key in bdm)) throw new Lost('bdm-key', `bdm has no ${key}`);
  const foreign = Object.keys(bdm).filter((key) => !BDM_COLUMNS.has(key));
  if (foreign.length > 0) throw new Lost('bdm-key', `bdm has ${foreign.join(', ')}`);
  if (!['blank', 'image', 'snapshot', 'volume'].includes(String(bdm.source_type))) throw new Lost('bdm-key', 'bad source_type');
  if (!['local', 'volume'].includes(String(bdm.destination_type))) throw new Lost('bdm-key', 'bad destination_type');
  if (bdm.device_name === null) findings.add('risk', 'bdm-without-name', 'a bdm without device_name makes a new row each time');
  return bdm;
}

/** create true: a new row; null: the row of that device name, or a new one; false: only an existing one. */
export function storeBlockDevice(bdm: JsonObject, create: Json, tables: Tables): void {
  const uuid = String(bdm.instance_uuid);
  const rows = tables.blockDevices.get(uuid) ?? [];
  const index = create === true ? -1 : rows.findIndex((row) => row.device_name === bdm.device_name);
  const old = rows[index];
  if (old) rows[index] = { ...old, ...bdm };
  else if (create !== false) rows.push(bdm);
  tables.blockDevices.set(uuid, rows);
  tables.changed(uuid);
}

export function dropBlockDevice(kwargs: JsonObject, tables: Tables): void {
  const uuid = kwargs.instance_uuid;
  if (!isText(uuid)) throw new Lost('no-uuid', 'bdm_destroy_at_top without instance_uuid');
  const key = kwargs.device_name === null ? 'volume_id' : 'device_name';
  const rows = tables.blockDevices.get(uuid) ?? [];
  tables.blockDevices.set(
    uuid,
    rows.filter((row) => row[key] !== kwargs[key]),
  );
  tables.changed(uuid);
}

/** The keys are keyword arguments of the parent's function: none more, none less. */
export function readBandwidth(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Lost('not-a-dict', 'bw_update_info is no dict');
  const keys = Object.keys(value);
  const wrong = [...keys.filter((key) => !BANDWIDTH_KEYS.includes(key)), ...BANDWIDTH_KEYS.filter((key) => !keys.includes(key))];
  if (wrong.length > 0) throw new Lost('bandwidth-keys', `bw_update_info: ${wrong.join(', ')}`);
  return value;
}

/** The object a parent answers `get_keypair_at_top` with needs these fields of its release. */
export function keyPairFields(dialect: ParentDialect): readonly string[] {
  return [...(fieldsOf('KeyPair', dialect.release)?.keys() ?? [])];
}
