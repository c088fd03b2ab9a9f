import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { JsonObject } from '../json/json.js';
import { encodeObject } from '../objects/codec.js';
import { type FieldInput, ObjectInput } from '../objects/object.js';
import { flavorInput } from './flavor.js';
import { REPORT_COLUMNS } from './instance-columns.js';
import { columnsOf, dictColumns, infoCacheInput } from './instance-fields.js';
import { harmless } from './judge.js';
import { networkInfoText } from './network-info.js';
import type { InstanceReport, UpCall } from './reports.js';

/** Keys of a report that are no columns and are spelled by rules of their own. */
const SPECIAL_KEYS = new Set(['uuid', 'id', 'system_metadata', 'network_info', 'flavor', 'old_flavor', 'new_flavor']);

/**
 * `instance_update_at_top` as a parent of this release stores it. Whatever would lose the update, break a tenant's
 * listing or bring a deleted server back throws WireError `forbidden` instead; what the release cannot carry is left out.
 * The parent must know the instance: Grizzly, Icehouse, Juno and Kilo make a broken row of an update for an unknown one.
 */
export function encodeInstanceUpdate(dialect: Dialect, report: InstanceReport): UpCall {
  refuseOtherKeys(report);
  if (!Number.isSafeInteger(report.id) || report.id < 1) throw forbidden('id is our own row id, a positive integer');
  checkTrio(report);
  const instance = dialect.instancePayload === 'dict' ? dictOf(dialect, report) : objectOf(dialect, report);
  return harmless(dialect, { methodName: 'instance_update_at_top', methodKwargs: { instance } });
}

/** `instance_destroy_at_top`: only the uuid counts, and an unknown one is ignored. May be repeated. */
export function encodeInstanceDestroy(dialect: Dialect, { uuid }: { readonly uuid: string }): UpCall {
  const instance = dialect.instancePayload === 'dict' ? { uuid } : encodeObject(dialect, new ObjectInput('Instance', { uuid }));
  return harmless(dialect, { methodName: 'instance_destroy_at_top', methodKwargs: { instance } });
}

function dictOf(dialect: Dialect, report: InstanceReport): JsonObject {
  return {
    uuid: report.uuid,
    ...dictColumns(columnsOf(dialect, report, REPORT_COLUMNS)),
    ...(report.system_metadata === undefined ? {} : { system_metadata: { ...report.system_metadata } }),
    ...(report.network_info === undefined ? {} : { info_cache: { network_info: networkInfoText(report.network_info) } }),
  };
}

function objectOf(dialect: Dialect, report: InstanceReport): JsonObject {
  const changed: Record<string, FieldInput> = Object.fromEntries(columnsOf(dialect, report, REPORT_COLUMNS));
  if (report.system_metadata !== undefined) changed.system_metadata = { ...report.system_metadata };
  if (report.network_info !== undefined) changed.info_cache = infoCacheInput(report.uuid, report.network_info);
  if (dialect.flavorCarrier === 'object' && report.flavor !== undefined) {
    changed.flavor = flavorInput(report.flavor);
    changed.old_flavor = report.old_flavor ? flavorInput(report.old_flavor) : null;
    changed.new_flavor = report.new_flavor ? flavorInput(report.new_flavor) : null;
  }
  const fields = { uuid: report.uuid, id: report.id, ...changed };
  return encodeObject(dialect, new ObjectInput('Instance', fields, Object.keys(changed)), { unknownFields: 'refuse' });
}

function checkTrio(report: InstanceReport): void {
  const given = [report.flavor, report.old_flavor, report.new_flavor].filter((flavor) => flavor !== undefined);
  if (given.length !== 0 && given.length !== 3)
    throw forbidden('flavor, old_flavor and new_flavor are reported together or not at all');
}

function refuseOtherKeys(report: InstanceReport): void {
  const other = Object.keys(report).find((key) => !SPECIAL_KEYS.has(key) && !REPORT_COLUMNS.has(key));
  if (other !== undefined) throw forbidden(`${other} is never reported`);
}

function forbidden(what: string): WireError {
  return new WireError('forbidden', `instance_update_at_top is not sent: ${what}`);
}
