import type { Dialect } from '../dialects/dialect.js';
import { releasesFrom } from '../dialects/release.js';
import { WireError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { formatDictTime } from '../time.js';
import { FAULT_DETAILS_MAX_CHARS, FAULT_MESSAGE_MAX_CHARS } from '../timings.js';
import { BDM_COLUMNS } from './instance-columns.js';
import { harmless } from './judge.js';
import type { BandwidthReport, BdmReport, FaultReport, UpCall } from './reports.js';

/**
 * `instance_fault_create_at_top`. A message beyond the column's width is cut, and then stands whole in the details;
 * characters that a parent's database cannot store are replaced. Code 500 throws WireError `forbidden`.
 */
export function encodeFault(dialect: Dialect, fault: FaultReport): UpCall {
  const message = storable(fault.message);
  const isCut = [...message].length > FAULT_MESSAGE_MAX_CHARS;
  const details = fault.details ?? (isCut ? message : '');
  return harmless(dialect, {
    methodName: 'instance_fault_create_at_top',
    methodKwargs: {
      instance_fault: {
        instance_uuid: fault.instance_uuid,
        code: fault.code,
        message: isCut ? `${cut(message, FAULT_MESSAGE_MAX_CHARS - 1)}…` : message,
        details: cut(storable(details), FAULT_DETAILS_MAX_CHARS),
        host: fault.host,
      },
    },
  });
}

/**
 * `bdm_update_or_create_at_top`: updates the row of this device, or makes it. May be repeated. Null where the release has
 * no such message (Grizzly).
 */
export function encodeBdm(dialect: Dialect, bdm: BdmReport): UpCall | null {
  if (!dialect.bdmAtTop) return null;
  const columns: JsonObject = Object.fromEntries(Object.entries(bdm).filter(([name]) => hasBdmColumn(dialect, name)));
  return harmless(dialect, { methodName: 'bdm_update_or_create_at_top', methodKwargs: { bdm: columns, create: null } });
}

/** `bdm_destroy_at_top`; the device's name wins where both are given. Null where the release has no such message. */
export function encodeBdmDestroy(
  dialect: Dialect,
  bdm: { readonly instance_uuid: string; readonly device_name: string | null; readonly volume_id: string | null },
): UpCall | null {
  if (!dialect.bdmAtTop) return null;
  const { instance_uuid, device_name, volume_id } = bdm;
  return { methodName: 'bdm_destroy_at_top', methodKwargs: { instance_uuid, device_name, volume_id } };
}

/** `bw_usage_update_at_top`: exactly eight keys, for they become keyword arguments. */
export function encodeBandwidth(usage: BandwidthReport): UpCall {
  const { uuid, mac, start_period, bw_in, bw_out, last_ctr_in, last_ctr_out, last_refreshed } = usage;
  const times = { start_period: formatDictTime(start_period), last_refreshed: formatDictTime(last_refreshed) };
  const info: JsonObject = { uuid, mac, bw_in, bw_out, last_ctr_in, last_ctr_out, ...times };
  return { methodName: 'bw_usage_update_at_top', methodKwargs: { bw_update_info: info } };
}

/** `update_capabilities`, a targeted message that goes by fanout. */
export function encodeCapabilities(cellName: string, capabilities: Readonly<Record<string, readonly string[]>>): UpCall {
  const lists = Object.entries(capabilities).map(([name, values]): [string, JsonValue] => [name, [...values]]);
  return { methodName: 'update_capabilities', methodKwargs: { cell_name: cellName, capabilities: Object.fromEntries(lists) } };
}

/** Units of one kind: how much is free, and how many slots of each size (MB) that makes. */
export interface CapacityUnits {
  readonly total_mb: number;
  readonly units_by_mb: Readonly<Record<string, number>>;
}

/** `update_capacities`, a targeted message that goes by fanout. Null: no hosts, an empty object. */
export function encodeCapacities(
  cellName: string,
  free: { readonly ram: CapacityUnits; readonly disk: CapacityUnits } | null,
): UpCall {
  const units = ({ total_mb, units_by_mb }: CapacityUnits): JsonObject => ({ total_mb, units_by_mb: { ...units_by_mb } });
  const capacities: JsonObject = free === null ? {} : { ram_free: units(free.ram), disk_free: units(free.disk) };
  return { methodName: 'update_capacities', methodKwargs: { cell_name: cellName, capacities } };
}

/** `get_keypair_at_top`, to be sent with need_response. Throws WireError `forbidden` where the release has none (before Liberty). */
export function encodeKeypairRequest(dialect: Dialect, key: { readonly userId: string; readonly name: string }): UpCall {
  if (!dialect.keypairAtTop) throw new WireError('forbidden', `a ${dialect.release} parent has no get_keypair_at_top`);
  return { methodName: 'get_keypair_at_top', methodKwargs: { user_id: key.userId, name: key.name } };
}

function hasBdmColumn(dialect: Dialect, name: string): boolean {
  const since = BDM_COLUMNS.get(name);
  return since !== undefined && releasesFrom(since).includes(dialect.release);
}

/** PostgreSQL stores no NUL, and the three-byte utf8 of a MySQL parent nothing beyond the basic plane. */
function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/[\ud800-\udfff]+/g, '\ufffd');
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : text.slice(0, maxChars);
}
