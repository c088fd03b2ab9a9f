import { isObject, type Json, type JsonObject } from '../json.js';
import { fieldsOf, isNovaObject, readObject } from '../objects.js';
import type { ParentDialect } from '../releases.js';
import { type Findings, Lost } from '../violations.js';

/** Keys the parent's API reads from dict rows (`protocol/methods.md`, Return shapes). */
const ACTION_KEYS = [
  'action',
  'instance_uuid',
  'request_id',
  'user_id',
  'project_id',
  'start_time',
  'message',
  'updated_at',
  'id',
];
const EVENT_KEYS = ['event', 'start_time', 'finish_time', 'result', 'traceback'];
const STATS_KEYS = [
  'count',
  'vcpus',
  'memory_mb',
  'local_gb',
  'vcpus_used',
  'memory_mb_used',
  'local_gb_used',
  'free_ram_mb',
  'free_disk_gb',
  'current_workload',
  'running_vms',
  'disk_available_least',
];
const NODE_KEYS = [
  'id',
  'hypervisor_hostname',
  'hypervisor_type',
  'hypervisor_version',
  'vcpus',
  'vcpus_used',
  'memory_mb',
  'memory_mb_used',
  'local_gb',
  'local_gb_used',
  'free_ram_mb',
  'free_disk_gb',
  'current_workload',
  'running_vms',
  'cpu_info',
  'disk_available_least',
];
const MIGRATION_KEYS = ['id', 'source_compute', 'dest_compute', 'instance_uuid', 'status', 'deleted', 'deleted_at', 'created_at'];
const CONSOLE_KEYS = ['token', 'access_url', 'host', 'port', 'internal_access_path'];
const TASK_LOG_KEYS = [
  'id',
  'task_name',
  'state',
  'host',
  'period_beginning',
  'period_ending',
  'message',
  'task_items',
  'errors',
];
const SIX_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/;

interface Look {
  readonly dialect: ParentDialect;
  readonly findings: Findings;
}
type Check = (value: Json, look: Look) => void;

/** What the parent does with the answer to each query. Throws {@link Lost} where its API would end in an error. */
const CHECKS: Readonly<Record<string, Check>> = {
  service_get_all: checkServices,
  service_get_by_compute_host: checkService,
  service_update: checkService,
  compute_node_get: checkNode,
  compute_node_get_all: checkNodes,
  compute_node_stats: (value) => {
    const stats = needKeys(value, STATS_KEYS, 'compute_node_stats');
    for (const key of STATS_KEYS)
      if (typeof stats[key] !== 'number') throw new Lost('bad-answer', `${key} = ${stats[key]} cannot be summed`);
  },
  actions_get: (value) => eachRow(value, ACTION_KEYS, 'an action'),
  action_get_by_request_id: (value) => {
    if (value !== null) checkRow(value, ACTION_KEYS, 'an action');
  },
  action_events_get: (value, { dialect }) => eachRow(value, dialect.eventHost ? [...EVENT_KEYS, 'host'] : EVENT_KEYS, 'an event'),
  task_log_get_all: (value) => eachRow(value, TASK_LOG_KEYS, 'a task log'),
  get_migrations: checkMigrations,
  get_host_uptime: (value) => needText(value, 'an uptime'),
  validate_console_port: (value) => {
    if (typeof value !== 'boolean') throw new Lost('bad-answer', 'validate_console_port wants a boolean');
  },
  get_console_output: (value) => needText(value, 'a console log'),
  attach_volume: (value) => needText(value, 'a device name'),
  get_vnc_connect_info: (value) => void needKeys(value, CONSOLE_KEYS, 'connect info'),
  get_spice_connect_info: (value) => void needKeys(value, CONSOLE_KEYS, 'connect info'),
  get_rdp_connect_info: (value) => void needKeys(value, CONSOLE_KEYS, 'connect info'),
  get_serial_console_connect_info: (value) => void needKeys(value, CONSOLE_KEYS, 'connect info'),
  get_diagnostics: (value) => {
    if (!isObject(value) || isNovaObject(value)) throw new Lost('bad-answer', 'diagnostics are no dict');
  },
  get_instance_diagnostics: checkInstanceDiagnostics,
};

/** `method` is the inter-cell method, or the compute API's where `run_compute_api_method` carried it. */
export function checkAnswer(method: string, value: Json, dialect: ParentDialect, findings: Findings): void {
  CHECKS[method]?.(value, { dialect, findings });
}

/** A dict up to Ocata; from Pike on the API calls methods of the object. */
function checkInstanceDiagnostics(value: Json, { dialect, findings }: Look): void {
  if (fieldsOf('Diagnostics', dialect.release) !== undefined) readObject(value, dialect.release, findings, 'Diagnostics');
  else if (!isObject(value) || isNovaObject(value)) throw new Lost('bad-answer', 'diagnostics are no dict');
}

function checkServices(value: Json, look: Look): void {
  if (!Array.isArray(value)) throw new Lost('bad-answer', 'service_get_all wants a list');
  if (look.dialect.servicesMustBeEmpty && value.length > 0) throw new Lost('bad-answer', 'any service is a 500 at this parent');
  for (const service of value) checkService(service, look);
}

function checkService(value: Json, look: Look): void {
  const fields = look.dialect.serviceFields;
  if (!look.dialect.objectAnswers) {
    checkRow(value, fields, 'a service');
    return;
  }
  const { data } = readObject(value, look.dialect.release, look.findings, 'Service');
  const unset = fields.filter((field) => !(field in data));
  if (unset.length > 0) throw new Lost('bad-answer', `the service lacks ${unset.join(', ')}`);
  if ('compute_node' in data) look.findings.add('useless', 'service-compute-node', 'a service with its compute node');
}

function checkNode(value: Json, look: Look): void {
  const { dialect, findings } = look;
  if (!dialect.objectAnswers) {
    const node = needKeys(value, NODE_KEYS, 'a compute node');
    needKeys(node.service ?? null, ['id', 'host'], "a compute node's service");
    return;
  }
  const { data } = readObject(value, dialect.release, findings, 'ComputeNode');
  const wanted = [...NODE_KEYS, 'host', 'host_ip', ...(look.dialect.serviceFields.includes('uuid') ? ['uuid'] : [])];
  const unset = wanted.filter((field) => !(field in data));
  if (unset.length > 0) throw new Lost('bad-answer', `the compute node lacks ${unset.join(', ')}`);
}

function checkNodes(value: Json, look: Look): void {
  const list = look.dialect.objectAnswers && isNovaObject(value) ? itemsOf(value, 'ComputeNodeList', look) : value;
  if (!Array.isArray(list)) throw new Lost('bad-answer', 'compute_node_get_all wants a list');
  for (const node of list) checkNode(node, look);
}

function itemsOf(value: Json, name: string, look: Look): Json {
  const { data } = readObject(value, look.dialect.release, look.findings, name);
  return data.objects ?? null;
}

function checkMigrations(value: Json, look: Look): void {
  if (look.dialect.migrations === 'dict') {
    eachRow(value, MIGRATION_KEYS, 'a migration');
    return;
  }
  if (look.dialect.migrations === 'object') {
    itemsOf(value, 'MigrationList', look);
    return;
  }
  const items = isNovaObject(value) ? itemsOf(value, 'MigrationList', look) : value;
  if (!Array.isArray(items) || items.length > 0) throw new Lost('bad-answer', 'migrations must be an empty list at this parent');
}

function eachRow(value: Json, keys: readonly string[], what: string): void {
  if (!Array.isArray(value)) throw new Lost('bad-answer', `a list was expected, of ${what}`);
  for (const row of value) checkRow(row, keys, what);
}

/** Dict rows are never objects, and their dates have six digits and no zone. */
function checkRow(value: Json, keys: readonly string[], what: string): void {
  const row = needKeys(value, keys, what);
  for (const [key, entry] of Object.entries(row)) {
    const isDate = /_at$|_time$/.test(key) && typeof entry === 'string';
    if (isDate && !SIX_DIGITS.test(entry)) throw new Lost('bad-date', `${what}: ${key} = ${entry}`);
  }
}

function needKeys(value: Json, keys: readonly string[], what: string): JsonObject {
  if (!isObject(value)) throw new Lost('bad-answer', `${what} is no object`);
  if (isNovaObject(value)) throw new Lost('bad-answer', `${what} must be a plain dict`);
  const missing = keys.filter((key) => !(key in value));
  if (missing.length > 0) throw new Lost('bad-answer', `${what} lacks ${missing.join(', ')}`);
  return value;
}

function needText(value: Json, what: string): void {
  if (typeof value !== 'string') throw new Lost('bad-answer', `${what} was expected, not ${JSON.stringify(value)?.slice(0, 60)}`);
}
