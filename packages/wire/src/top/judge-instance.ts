import type { Dialect } from '../dialects/dialect.js';
import { isUuid } from '../intercell/message.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.js';
import { dataOf, isObjectPrimitive } from '../objects/codec.js';
import { parseTime } from '../time.js';
import {
  ADOPTION_COLUMNS,
  FLAVOR_KEYS,
  INTEGER_COLUMN_MAX,
  NULLABLE_FLAVOR_KEY,
  TEXT_COLUMN_MAX_CHARS,
  VM_STATES,
} from './instance-columns.js';
import { judgeNetworkInfo } from './network-info.js';

/** An update seen alike in both payloads: what is in it, and what of that the parent applies. */
export interface InstanceView {
  readonly data: JsonObject;
  readonly applied: readonly string[];
  readonly version: string | null;
}

export interface JudgeContext {
  readonly dialect: Dialect;
  readonly view: InstanceView;
  readonly adopting: boolean;
}

export interface InstanceRule {
  readonly rule: string;
  /** Null: kept. Else what is wrong, for people. */
  readonly check: (context: JudgeContext) => string | null;
}

/** Grizzly stores a time as it comes; from Havana on it is parsed with exactly this form. */
const DICT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,6}$/;
/** Relations of the parent's row: set to a value, and to null in some releases, they lose the whole update. */
const RELATIONS = ['extra', 'fault', 'pci_devices', 'numa_topology', 'services', 'instance_type', 'tags', 'pci_requests'];
/** Written to instance_extra or nowhere when they are named as changed. */
const EXTRA_OBJECTS = ['migration_context', 'vcpu_model', 'device_metadata', 'trusted_certs', 'ec2_ids', 'keypairs'];
const FLAVOR_TRIO = ['flavor', 'old_flavor', 'new_flavor'];

/** Null where the payload is not of the release's kind. */
export function instanceView(dialect: Dialect, instance: JsonValue | undefined): InstanceView | null {
  if (!isJsonObject(instance)) return null;
  if (dialect.instancePayload === 'dict') {
    return isObjectPrimitive(instance) ? null : { data: instance, applied: Object.keys(instance), version: null };
  }
  const data = dataOf(instance);
  if (data === null || instance['nova_object.name'] !== 'Instance') return null;
  const changes = instance['nova_object.changes'];
  return { data, applied: Array.isArray(changes) ? changes.map(String) : [], version: String(instance['nova_object.version']) };
}

/** What a parent was seen to be harmed by (`where` in the comments: releases of real parents it was seen at). */
export const INSTANCE_RULES: readonly InstanceRule[] = [
  { rule: 'uuid', check: ({ view }) => (isUuid(view.data.uuid) ? null : 'it has no uuid') },
  // A newer object is handed to the parent's conductor, which cannot read it either: lost.
  { rule: 'object-version', check: checkVersion },
  // Brings a deleted server back to life (Grizzly to Liberty), or hides a living one.
  { rule: 'deleted', check: ({ view }) => named(view, ['deleted', 'deleted_at']) },
  // Makes the parent create a row that nobody can delete (Grizzly, Icehouse to Rocky).
  { rule: 'ghost', check: checkGhost },
  { rule: 'relation', check: ({ view }) => named(view, [...RELATIONS, ...EXTRA_OBJECTS]) },
  { rule: 'changes', check: checkChanges },
  { rule: 'vm-state', check: checkVmState },
  // In Grizzly the server falls back to BUILD; later the update is lost to the expected-state guard.
  { rule: 'building-again', check: checkBuilding },
  // Without host no verb is sent; without launched_at (Havana on) stop answers 409.
  { rule: 'active', check: checkActive },
  { rule: 'columns', check: checkColumns },
  { rule: 'times', check: checkTimes },
  // One row without its flavor makes list and show of the whole project fail.
  { rule: 'flavor-keys', check: checkFlavorKeys },
  { rule: 'flavor-trio', check: checkTrio },
  // A list (Grizzly, Havana), an empty text or null (Havana to Juno) break list and show of the project.
  { rule: 'network-info', check: ({ view }) => judgeNetworkInfo(view.data.info_cache, view.applied.includes('info_cache')) },
];

function checkVersion({ dialect, view }: JudgeContext): string | null {
  if (view.version === null || dialect.instanceVersion === null) return null;
  const [major, minor] = parts(view.version);
  const [ourMajor, ourMinor] = parts(dialect.instanceVersion);
  return major === ourMajor && minor <= ourMinor
    ? null
    : `Instance ${view.version} is not read by one that knows ${dialect.instanceVersion}`;
}

function checkGhost({ dialect, view, adopting }: JudgeContext): string | null {
  if (dialect.instancePayload === 'dict') return null;
  const hasId = typeof view.data.id === 'number';
  if (adopting) return hasId || !view.applied.includes('uuid') ? 'an adoption names uuid in its changes and has no id' : null;
  if (!hasId) return 'there is no id in its data, so that an unknown uuid would make a row';
  return named(view, ['id', 'uuid']);
}

function checkChanges({ dialect, view }: JudgeContext): string | null {
  if (dialect.instancePayload === 'dict') return null;
  if (view.applied.length === 0) return 'nothing is named in its changes, so nothing is applied';
  const missing = view.applied.find((name) => !Object.hasOwn(view.data, name));
  return missing === undefined ? null : `${missing} is named in its changes and not in its data`;
}

function checkVmState({ view }: JudgeContext): string | null {
  if (!view.applied.includes('vm_state')) return null;
  return VM_STATES.has(String(view.data.vm_state))
    ? null
    : `vm_state ${JSON.stringify(String(view.data.vm_state))} is none of nova's`;
}

function checkBuilding({ view }: JudgeContext): string | null {
  const { vm_state: vmState, launched_at: launchedAt = null } = view.data;
  if (vmState !== 'building' || !view.applied.includes('vm_state')) return null;
  return launchedAt === null ? null : 'vm_state building with a launched_at: it was active before';
}

function checkActive({ dialect, view }: JudgeContext): string | null {
  const { vm_state: vmState, host = null, launched_at: launchedAt = null } = view.data;
  if (vmState !== 'active' || !view.applied.includes('vm_state')) return null;
  if (host === null || host === '') return 'vm_state active without host';
  return dialect.needsLaunchedAt && launchedAt === null ? 'vm_state active without launched_at' : null;
}

function checkColumns({ view }: JudgeContext): string | null {
  for (const name of view.applied) {
    const value = view.data[name] ?? null;
    const kind = ADOPTION_COLUMNS.get(name)?.kind;
    if (value === null || kind === undefined) continue;
    if (kind === 'integer' && !(typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INTEGER_COLUMN_MAX)) {
      return `${name} is no integer of the column's range`;
    }
    if ((kind === 'text' || kind === 'state') && !isColumnText(value))
      return `${name} is no text of at most ${TEXT_COLUMN_MAX_CHARS} characters`;
  }
  return null;
}

function isColumnText(value: JsonValue): boolean {
  return typeof value === 'string' && value.length <= TEXT_COLUMN_MAX_CHARS && !value.includes('\0');
}

function checkTimes({ dialect, view }: JudgeContext): string | null {
  for (const name of view.applied) {
    const value = view.data[name] ?? null;
    if (value === null || ADOPTION_COLUMNS.get(name)?.kind !== 'time') continue;
    const right = dialect.instancePayload === 'dict' ? DICT_TIME.test(String(value)) : parseTime(value) !== null;
    if (!right) return `${name} is not of the form that ${dialect.release} stores`;
  }
  return null;
}

function checkFlavorKeys({ dialect, view, adopting }: JudgeContext): string | null {
  const needed = dialect.flavorCarrier === 'system_metadata' || (adopting && dialect.instancePayload === 'dict');
  if (!needed || !view.applied.includes('system_metadata')) {
    return needed && adopting ? 'an adoption carries its flavor in system_metadata' : null;
  }
  const metadata = metadataOf(view.data.system_metadata);
  const missing = FLAVOR_KEYS.find(
    (key) => metadata.get(key) === undefined || (metadata.get(key) === null && key !== NULLABLE_FLAVOR_KEY),
  );
  return missing === undefined ? null : `system_metadata replaces the whole set and lacks ${missing}`;
}

/** An object, or a list of rows as real children send it. */
function metadataOf(value: JsonValue | undefined): Map<string, JsonValue> {
  if (isJsonObject(value)) return new Map(Object.entries(value));
  const rows = Array.isArray(value) ? value.filter(isJsonObject) : [];
  return new Map(rows.map((row) => [String(row.key), row.value ?? null]));
}

/** The parent saves all three as soon as one is named. */
function checkTrio({ dialect, view }: JudgeContext): string | null {
  const isNamed = FLAVOR_TRIO.some((name) => view.applied.includes(name));
  if (!isNamed || dialect.flavorCarrier !== 'object') return null;
  const missing = FLAVOR_TRIO.find((name) => !Object.hasOwn(view.data, name));
  if (missing !== undefined) return `${missing} is not in its data, but another of the flavors is named in its changes`;
  return isJsonObject(view.data.flavor) ? null : 'flavor is null';
}

function named(view: InstanceView, names: readonly string[]): string | null {
  const found = names.filter((name) => view.applied.includes(name));
  return found.length === 0 ? null : `${found.join(', ')} must not be sent`;
}

function parts(version: string): [number, number] {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? Number.NaN, minor ?? Number.NaN];
}
