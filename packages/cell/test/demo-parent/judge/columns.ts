import type { Json, JsonObject } from '../json.js';
import { fieldsOf } from '../objects.js';
import type { ParentDialect } from '../releases.js';
import { type Findings, Lost } from '../violations.js';
import { POWER_STATES, TASK_STATES, VM_STATES } from './states.js';

/** Text columns of `instances` that are not 255 wide. */
const WIDE = new Set(['user_data', 'key_data']);
const MAX_TEXT = 255;
const MAX_INTEGER = 2 ** 31 - 1;

/** Values that the parent's database or API could not live with. */
export function checkColumns(columns: JsonObject, dialect: ParentDialect, findings: Findings): void {
  const { vm_state: vmState, task_state: taskState, power_state: powerState } = columns;
  if (vmState !== undefined && (typeof vmState !== 'string' || !VM_STATES.has(vmState))) {
    findings.add('harm', 'bad-state', `vm_state ${vmState} is shown as UNKNOWN`);
  }
  if (taskState !== undefined && taskState !== null && !TASK_STATES.has(String(taskState))) {
    findings.add('harm', 'bad-state', `task_state ${taskState} is none of nova's`);
  }
  if (powerState !== undefined && powerState !== null && !POWER_STATES.has(Number(powerState))) {
    findings.add('harm', 'bad-state', `power_state ${powerState} is none of nova's`);
  }
  for (const [column, value] of Object.entries(columns)) checkWidth(column, value);
  if (dialect.updates === 'dict') warnOfUnknown(columns, dialect, findings);
}

function checkWidth(column: string, value: Json): void {
  if (typeof value === 'number' && Math.abs(value) > MAX_INTEGER) throw new Lost('too-large', `${column} = ${value}`);
  if (typeof value !== 'string') return;
  if (value.includes('\u0000')) throw new Lost('nul', `${column} holds a NUL`);
  if (value.length > MAX_TEXT && !WIDE.has(column)) throw new Lost('too-long', `${column} has ${value.length} characters`);
}

function warnOfUnknown(columns: JsonObject, dialect: ParentDialect, findings: Findings): void {
  const known = fieldsOf('Instance', dialect.release) ?? fieldsOf('Instance', 'havana');
  for (const column of Object.keys(columns)) {
    if (known && !known.has(column)) findings.add('useless', 'unknown-column', `${column} is no column`);
  }
}
