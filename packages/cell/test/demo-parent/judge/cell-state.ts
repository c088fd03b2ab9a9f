import { isObject, type Json, type JsonObject } from '../json.js';
import type { Tables } from '../tables.js';
import { type Findings, Lost } from '../violations.js';

/** `update_capabilities` and `update_capacities`: stored in memory, each says that the child lives. */
export function applyCellState(
  method: string,
  kwargs: JsonObject,
  to: { tables: Tables; child: string },
  findings: Findings,
): void {
  if (kwargs.cell_name !== to.child) throw new Lost('unknown-cell', `cell_name ${kwargs.cell_name}`);
  const key = method === 'update_capabilities' ? 'capabilities' : 'capacities';
  const extra = Object.keys(kwargs).filter((name) => name !== 'cell_name' && name !== key);
  if (extra.length > 0) throw new Lost('bad-arguments', `${method} with ${extra.join(', ')}`);
  const value = kwargs[key];
  if (!isObject(value)) throw new Lost('bad-arguments', `${key} is no object`);
  if (key === 'capabilities') checkCapabilities(value, findings);
  else checkCapacities(value, findings);
  to.tables.child[key] = value;
  to.tables.child.lastSeen = Date.now();
  to.tables.changed(null);
}

function checkCapabilities(capabilities: JsonObject, findings: Findings): void {
  for (const [name, values] of Object.entries(capabilities)) {
    const isListOfText = Array.isArray(values) && values.every((value) => typeof value === 'string');
    if (!isListOfText) findings.add('harm', 'bad-capability', `${name} is no list of texts`);
  }
}

function checkCapacities(capacities: JsonObject, findings: Findings): void {
  if (Object.keys(capacities).length === 0) return;
  for (const kind of ['ram_free', 'disk_free']) {
    const entry = capacities[kind];
    if (!isObject(entry)) findings.add('harm', 'bad-capacity', `${kind} is missing`);
    else checkUnits(kind, entry, findings);
  }
}

function checkUnits(kind: string, entry: JsonObject, findings: Findings): void {
  if (!isCount(entry.total_mb)) findings.add('harm', 'bad-capacity', `${kind}.total_mb is no count`);
  const units = entry.units_by_mb;
  if (!isObject(units)) {
    findings.add('harm', 'bad-capacity', `${kind}.units_by_mb is no object`);
    return;
  }
  for (const [size, count] of Object.entries(units)) {
    if (!/^\d+$/.test(size) || !isCount(count))
      findings.add('harm', 'bad-capacity', `${kind}.units_by_mb.${size} = ${JSON.stringify(count)}`);
  }
}

function isCount(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
