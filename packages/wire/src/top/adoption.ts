import type { Adoption, Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { encodeObject } from '../objects/codec.js';
import { type FieldInput, ObjectInput } from '../objects/object.js';
import { flavorInput, flavorKeys } from './flavor.js';
import { ADOPTION_COLUMNS, REPORT_COLUMNS } from './instance-columns.js';
import { columnsOf, dictColumns, infoCacheInput } from './instance-fields.js';
import { harmless } from './judge.js';
import { networkInfoText } from './network-info.js';
import type { AdoptedReport, AdoptionReport, UpCall } from './reports.js';

const PARTS: Readonly<Record<Adoption, number>> = { dict: 1, objects: 3, impossible: 0 };

/** How many messages {@link encodeAdoption} makes; 0: such a parent cannot adopt. */
export function adoptionParts({ adoption }: Dialect): number {
  return PARTS[adoption];
}

/**
 * Makes a server that only we have known to the parent: one message in the dict releases, three from Liberty on, to be
 * sent in order with a gap, each after the one before was stored. Havana cannot: WireError `forbidden`.
 */
export function encodeAdoption(dialect: Dialect, report: AdoptionReport): readonly UpCall[] {
  switch (dialect.adoption) {
    case 'dict':
      return [harmless(dialect, updateWith(adoptionDict(dialect, report)), { adopting: true })];
    case 'objects':
      return adoptionObjects(dialect, report);
    case 'impossible':
      throw cannotAdopt(dialect);
    default:
      return dialect.adoption satisfies never;
  }
}

/**
 * What is said of an adopted server from then on. A parent may have lost the adoption, and of a plain update for a server
 * that it does not know a dict release makes a row that breaks listings: there each report is the whole adoption again. From
 * Liberty on it makes good what was lost of the messages after the first, and can create nothing. May be repeated.
 */
export function encodeAdopted(dialect: Dialect, report: AdoptedReport): UpCall {
  switch (dialect.adoption) {
    case 'dict':
      return harmless(dialect, updateWith(adoptionDict(dialect, report)), { adopting: true });
    case 'objects':
      return followUp(dialect, report, {
        ...rowOf(dialect, report, REPORT_COLUMNS),
        ...trioOf(report),
        project_id: report.project_id,
      });
    case 'impossible':
      throw cannotAdopt(dialect);
    default:
      return dialect.adoption satisfies never;
  }
}

function cannotAdopt({ release }: Dialect): WireError {
  return new WireError('forbidden', `a ${release} parent cannot adopt: it fails on any update for an unknown uuid`);
}

function trioOf({ flavor, old_flavor, new_flavor }: AdoptedReport): Record<string, FieldInput> {
  return {
    flavor: flavorInput(flavor),
    old_flavor: old_flavor ? flavorInput(old_flavor) : null,
    new_flavor: new_flavor ? flavorInput(new_flavor) : null,
  };
}

/** Old and new flavor of a resize come with the metadata, and are not to be lost. */
function adoptionDict(dialect: Dialect, report: AdoptedReport): JsonObject {
  return {
    uuid: report.uuid,
    ...dictColumns(columnsOf(dialect, report, ADOPTION_COLUMNS)),
    system_metadata: { ...report.system_metadata, ...flavorKeys(report.flavor) },
    info_cache: { network_info: networkInfoText(report.network_info) },
  };
}

/**
 * In this order on every object release: the row with its addresses under a project that nobody lists, then the flavor,
 * then the owner. Until the flavor is there, any list of the row's project fails.
 */
function adoptionObjects(dialect: Dialect, report: AdoptionReport): UpCall[] {
  const columns = rowOf(dialect, report, ADOPTION_COLUMNS);
  const row: Record<string, FieldInput> = { uuid: report.uuid, ...columns, project_id: report.holdingProjectId };
  return [
    harmless(dialect, updateWith(instanceObject(dialect, row, Object.keys(row))), { adopting: true }),
    followUp(dialect, report, trioOf(report)),
    followUp(dialect, report, { project_id: report.project_id }),
  ];
}

function rowOf(dialect: Dialect, report: AdoptedReport, columns: typeof REPORT_COLUMNS): Record<string, FieldInput> {
  const values: Record<string, FieldInput> = Object.fromEntries(columnsOf(dialect, report, columns));
  return {
    ...values,
    info_cache: infoCacheInput(report.uuid, report.network_info),
    ...(report.system_metadata === undefined ? {} : { system_metadata: { ...report.system_metadata } }),
  };
}

/** By now the row exists: an id in the data keeps a late one from making another. */
function followUp(dialect: Dialect, report: AdoptedReport, changed: Record<string, FieldInput>): UpCall {
  const fields = { uuid: report.uuid, id: report.id, ...changed };
  return harmless(dialect, updateWith(instanceObject(dialect, fields, Object.keys(changed))));
}

function instanceObject(dialect: Dialect, fields: Record<string, FieldInput>, changes: string[]): JsonObject {
  return encodeObject(dialect, new ObjectInput('Instance', fields, changes), { unknownFields: 'refuse' });
}

function updateWith(instance: JsonValue): UpCall {
  return { methodName: 'instance_update_at_top', methodKwargs: { instance } };
}
