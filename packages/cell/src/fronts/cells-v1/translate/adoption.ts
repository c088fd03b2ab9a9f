import type { InstanceView, JsonObject } from '@burstcell/store';
import type { AdoptedReport, AdoptionReport, Dialect, JsonObject as WireObject } from '@burstcell/wire';
import { ADOPTED_NOTE } from '../../../operations/adoption.js';
import { flavorReport } from './flavor.js';
import { instanceReport, type ReportHints } from './report.js';

/** Holds an adopted server until its flavor is known, since a list that shows it before fails: a project that nobody has. */
const HOLDING_PROJECT = 'burstcell-adoption';

/** Whether the parent knows the instance from us, not from a boot. */
export function isAdopted(view: InstanceView): boolean {
  return view.system_metadata[ADOPTED_NOTE] !== undefined;
}

/** All that a parent needs to make a row of it. Throws when the row lacks what a list at the parent would break over. */
export function adoptionReport(view: InstanceView, dialect: Dialect): AdoptionReport {
  const { host, launched_at, display_name } = view;
  const report = adoptedReport(view, { names: true, image: true }, dialect);
  if (host === null || launched_at === null || display_name === null) throw new Error('an adopted instance without host or name');
  return { ...report, host, launched_at, display_name, holdingProjectId: HOLDING_PROJECT };
}

/** A later state of it, as complete, but for the names: those are the parent's by then. Throws likewise. */
export function adoptedReport(view: InstanceView, json: JsonObject, dialect: Dialect): AdoptedReport {
  const hints: ReportHints = {
    ...json,
    flavor: true,
    systemMetadata: json.systemMetadata === true || dialect.adoption === 'dict',
  };
  const { project_id, user_id, instance_type_id, memory_mb, vcpus } = view;
  const flavor = flavorReport(view.flavor);
  if (flavor === null || project_id === null || user_id === null) throw new Error('an adopted instance without flavor or owner');
  if (instance_type_id === null || memory_mb === null || vcpus === null) throw new Error('an adopted instance without sizes');
  const known = { project_id, user_id, instance_type_id, memory_mb, vcpus, flavor };
  return { ...instanceReport(view, { ...hints }, dialect), ...known, network_info: view.network_info as WireObject[] };
}
