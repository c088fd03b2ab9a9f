import type { InstanceView, JsonObject } from '@burstcell/store';
import type { Dialect, InstanceReport, JsonObject as WireObject } from '@burstcell/wire';
import { VmState } from '../../../states.js';
import { habitsOf } from '../release-habits.js';
import { flavorKeys, flavorReport, isFlavorKey } from './flavor.js';

/**
 * What a report says beyond states, host and addresses, because the verb changed it. What is not hinted at is the parent's
 * own: a stale copy of ours would undo a user's change.
 */
export interface ReportHints {
  /** display_name and hostname, which the child gave (several servers of one request, Newton on). */
  readonly names?: boolean;
  /** The instance has its host now. */
  readonly placed?: boolean;
  /** Sizes and flavors: after a resize, its confirmation or reversal. Said unasked while one waits to be confirmed. */
  readonly flavor?: boolean;
  readonly image?: boolean;
  /** How far an image has come that the instance waits for, or that it waits no more. */
  readonly progress?: boolean;
  /** The complete set: the parent replaces its own by it. */
  readonly systemMetadata?: boolean;
}

/** Keys of system_metadata that are our own notes and nobody's business above. */
const OWN_KEYS = 'burst_';

/**
 * An instance as the parent is to show it: the whole row each time, so that a lost report is made good by the next. What the
 * release's parent cannot carry is left out (Kilo: the flavor; its sizes still go, since quota is counted by them).
 */
export function instanceReport(view: InstanceView, json: JsonObject, dialect: Dialect): InstanceReport {
  const hints = json as ReportHints;
  return {
    uuid: view.uuid,
    id: view.id,
    vm_state: view.vm_state ?? VmState.ERROR,
    task_state: view.task_state,
    power_state: view.power_state,
    ...place(view),
    ...(view.vm_state === VmState.BUILDING ? {} : built(view, dialect)),
    ...(hints.names === true ? { display_name: view.display_name, hostname: view.hostname } : {}),
    ...(hints.image === true ? { image_ref: view.image_ref } : {}),
    ...(hints.progress === true ? { progress: view.progress ?? 0 } : {}),
    ...metadataAndFlavor(view, hints, dialect),
  };
}

/** A build that has no host yet has nothing to say of one; later null is said too (a shelved instance loses its host). */
function place({ vm_state, host, node, launched_on, availability_zone }: InstanceView): Partial<InstanceReport> {
  return vm_state === VmState.BUILDING && host === null ? {} : { host, node, launched_on, availability_zone };
}

function built(view: InstanceView, dialect: Dialect): Partial<InstanceReport> {
  return {
    launched_at: view.launched_at,
    terminated_at: view.terminated_at,
    root_device_name: view.root_device_name,
    network_info: view.network_info as WireObject[],
    ...lock(view, dialect),
  };
}

function lock({ locked, locked_by }: InstanceView, dialect: Dialect): Partial<InstanceReport> {
  if (!habitsOf(dialect.release).reportsLock || locked === null) return {};
  return { locked, locked_by: locked ? locked_by : null };
}

function metadataAndFlavor(view: InstanceView, hints: ReportHints, dialect: Dialect): Partial<InstanceReport> {
  const isResized = hints.flavor === true || view.old_flavor !== null || view.new_flavor !== null;
  const carrier = dialect.flavorCarrier;
  const withMetadata = hints.systemMetadata === true || (isResized && carrier === 'system_metadata');
  return {
    ...(isResized ? sizes(view) : {}),
    ...(isResized && carrier === 'object' ? flavors(view) : {}),
    ...(withMetadata ? systemMetadata(view, carrier === 'system_metadata') : {}),
  };
}

function sizes({ instance_type_id, memory_mb, vcpus, root_gb, ephemeral_gb }: InstanceView): Partial<InstanceReport> {
  const columns = { instance_type_id, memory_mb, vcpus, root_gb, ephemeral_gb };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));
}

/** All three or none, as nova/objects/instance.py saves them (Liberty on). */
function flavors(view: InstanceView): Partial<InstanceReport> {
  const flavor = flavorReport(view.flavor);
  if (flavor === null) return {};
  return { flavor, old_flavor: flavorReport(view.old_flavor), new_flavor: flavorReport(view.new_flavor) };
}

/** Where it is the flavor too, every key of that is written anew; while the flavor is not known the set stays away. */
function systemMetadata(view: InstanceView, holdsFlavor: boolean): Partial<InstanceReport> {
  const entries = Object.entries(view.system_metadata).filter(([key]) => !key.startsWith(OWN_KEYS));
  if (!holdsFlavor) return { system_metadata: Object.fromEntries(entries) };
  const flavor = flavorReport(view.flavor);
  if (flavor === null) return {};
  const old = flavorReport(view.old_flavor);
  const next = flavorReport(view.new_flavor);
  return {
    system_metadata: {
      ...Object.fromEntries(entries.filter(([key]) => !isFlavorKey(key))),
      ...flavorKeys(flavor),
      ...(old === null ? {} : flavorKeys(old, 'old_')),
      ...(next === null ? {} : flavorKeys(next, 'new_')),
    },
  };
}
