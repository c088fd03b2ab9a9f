import { createHash } from 'node:crypto';
import { type ColumnSort, checkInstanceColumns, fitted, INSTANCE_COLUMNS, recordTypes } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import type { Statement } from '../sql-statement.js';
import { instanceKey } from '../unit-keys.js';
import type { PatchInstance } from '../write.js';
import { writeKind } from './write-kind.js';

const COLUMN_SORTS: ReadonlyMap<string, ColumnSort> = new Map(Object.entries(INSTANCE_COLUMNS));

/** Patches are grouped by the set of columns they name: one statement a group. */
export const patchInstance = writeKind<PatchInstance>({
  kind: 'patch-instance',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => checkInstanceColumns(write.set),
  statements: (writes) => [...byColumns(writes)].map(([columns, group]) => statement(columns.split(' '), group)),
});

function byColumns(writes: readonly PatchInstance[]): Map<string, PatchInstance[]> {
  const groups = new Map<string, PatchInstance[]>();
  for (const write of writes) {
    const columns = Object.keys(write.set).filter((name) => write.set[name as keyof typeof write.set] !== undefined);
    if (columns.length === 0) continue;
    const key = columns.sort().join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [write]);
    else group.push(write);
  }
  return groups;
}

function statement(columns: readonly string[], writes: readonly PatchInstance[]): Statement {
  const records = writes.map((write) => ({ ...write.set, uuid: write.uuid }));
  return { ...statementFor(columns), values: [toJsonText(records)] };
}

const known = new Map<string, Omit<Statement, 'values'>>();

function statementFor(columns: readonly string[]): Omit<Statement, 'values'> {
  const key = columns.join(' ');
  const made = known.get(key) ?? makeStatement(columns);
  known.set(key, made);
  return made;
}

function makeStatement(columns: readonly string[]): Omit<Statement, 'values'> {
  const sorts = Object.fromEntries(columns.map((name) => [name, COLUMN_SORTS.get(name) ?? 'text']));
  const sets = Object.entries(sorts).map(([name, sort]) => `${name} = ${fitted('r', name, sort)}`);
  const text = `update instances i set ${sets.join(', ')}, updated_at = timezone('utc', now())
    from json_to_recordset($1::json) as r(uuid text, ${recordTypes(sorts)}) where ${byKey('i.uuid', 'r.uuid')} and ${isLive('i')}`;
  return { name: `patch-instance-${createHash('md5').update(columns.join(' ')).digest('hex')}`, text };
}
