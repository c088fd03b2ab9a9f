import type { JsonObject } from '../json.js';
import type { ParentDialect } from '../releases.js';
import type { InstanceRow, Tables } from '../tables.js';
import { type Findings, Lost } from '../violations.js';
import type { InstanceChange } from './change.js';
import { TASK_GUARDS } from './states.js';

/** What became of a message when its thread came to store it. */
export type Stored = 'applied' | 'refused-by-guard' | 'ignored' | 'adopted';

const ADOPTION_COLUMNS = ['project_id', 'user_id', 'display_name', 'host', 'vm_state', 'memory_mb', 'vcpus'];
/** Keys that come and go in the life of an instance; the others must all be said again. */
const PASSING_KEYS = /^(shelved_|password_|old_|new_|old_vm_state$)/;

export interface ApplyTo {
  readonly tables: Tables;
  readonly dialect: ParentDialect;
  readonly cellName: string;
}

/** Writes one update as the top cell does: guards first, then columns, cache, flavors. Throws {@link Lost} where nothing is stored. */
export function applyUpdate(change: InstanceChange, to: ApplyTo, findings: Findings): Stored {
  const row = to.tables.instances.get(change.uuid);
  if (!row) return adopt(change, to);
  // A deleted row is not found: the update is dropped, and a dict one overwrites the dead row's columns, which nobody sees.
  if (row.deleted) return 'ignored';
  const refusal = guard(change.columns, row, to.dialect);
  if (refusal) return 'refused-by-guard';
  write(change, row, findings);
  row.columns.cell_name = to.cellName;
  row.updates += 1;
  to.tables.changed(change.uuid);
  return 'applied';
}

function guard(columns: JsonObject, row: InstanceRow, dialect: ParentDialect): boolean {
  const vmState = row.columns.vm_state ?? null;
  const buildingOver = columns.vm_state === 'building' && vmState !== null && vmState !== 'building';
  if (dialect.guardsBuilding && buildingOver) return true;
  const allowed = typeof columns.task_state === 'string' ? TASK_GUARDS[columns.task_state] : undefined;
  return dialect.guardsTasks && allowed !== undefined && !allowed.includes(String(row.columns.task_state));
}

function write(change: InstanceChange, row: InstanceRow, findings: Findings): void {
  Object.assign(row.columns, change.columns);
  if (change.networkInfo) row.network_info = change.networkInfo;
  if (change.systemMetadata) replaceSystemMetadata(row, change.systemMetadata, findings);
  if (!change.flavors) return;
  row.flavor = change.flavors.flavor;
  row.old_flavor = change.flavors.old;
  row.new_flavor = change.flavors.new;
  row.complete = true;
}

/** The whole set is replaced: what is not said again is gone, in Grizzly to Juno the flavor with it. */
function replaceSystemMetadata(row: InstanceRow, set: Record<string, string | null>, findings: Findings): void {
  const missing = Object.keys(row.system_metadata).filter((key) => !(key in set) && !PASSING_KEYS.test(key));
  if (missing.length > 0) findings.add('harm', 'partial-system-metadata', `system_metadata came without ${missing.join(', ')}`);
  row.system_metadata = set;
}

/** `instance_update_at_top` of an unknown uuid: the parent makes a row of whatever came. */
function adopt(change: InstanceChange, to: ApplyTo): Stored {
  if (!change.creates) return 'ignored';
  if (to.dialect.release === 'havana') throw new Lost('havana-cannot-adopt', 'Havana cannot make a row of an update');
  const missing = ADOPTION_COLUMNS.filter((column) => change.columns[column] === undefined);
  if (change.networkInfo === null) missing.push('info_cache');
  if (missing.length > 0) throw new Lost('ghost', `a row without ${missing.join(', ')} appeared at the parent`, 'harm');
  to.tables.instances.set(change.uuid, {
    uuid: change.uuid,
    id: to.tables.nextId(),
    columns: { ...change.columns, cell_name: to.cellName },
    metadata: {},
    system_metadata: change.systemMetadata ?? {},
    network_info: change.networkInfo ?? [],
    flavor: change.flavors?.flavor ?? {},
    old_flavor: change.flavors?.old ?? null,
    new_flavor: change.flavors?.new ?? null,
    deleted: false,
    complete: change.flavors !== null || change.systemMetadata !== null,
    bornAt: Date.now(),
    updates: 1,
  });
  to.tables.changed(change.uuid);
  return 'adopted';
}

/** `instance_destroy_at_top`: by uuid; one that is not there is ignored. */
export function applyDestroy(uuid: string, tables: Tables): Stored {
  const row = tables.living(uuid);
  if (!row) return 'ignored';
  row.deleted = true;
  tables.changed(uuid);
  return 'applied';
}
