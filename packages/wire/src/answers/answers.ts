import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { encodeObject } from '../objects/codec.js';
import { ObjectInput } from '../objects/object.js';
import { COMPUTE_NODE_CONSTANTS, MIGRATION_CONSTANTS, NODE_SUMS } from './constants.js';
import { dictRow, fieldsOf } from './row-forms.js';
import type {
  ActionEventRow,
  ActionRow,
  ComputeNodeRow,
  ConsoleConnection,
  MigrationRow,
  ServiceRow,
  TaskLogRow,
} from './rows.js';

/** A compute node with the service that runs it. */
export interface NodeWithService {
  readonly node: ComputeNodeRow;
  readonly service: ServiceRow;
}

/** `service_update`: the service after the change. Grizzly to Juno a dict, then an object. */
export function serviceAnswer(dialect: Dialect, service: ServiceRow): JsonValue {
  return dialect.objectsInAnswers ? serviceObject(dialect, service) : serviceDict(service);
}

/** `service_get_all`: an array. Havana's parent fails on any that is not empty. */
export function serviceListAnswer(dialect: Dialect, services: readonly ServiceRow[]): JsonValue {
  return dialect.serviceList === 'empty' ? [] : services.map((service) => serviceAnswer(dialect, service));
}

/** `service_get_by_compute_host`: dicts carry their compute node in a list of one. */
export function hostServiceAnswer(dialect: Dialect, service: ServiceRow, node: ComputeNodeRow | null): JsonValue {
  if (dialect.objectsInAnswers) return serviceObject(dialect, service);
  return { ...serviceDict(service), compute_node: node === null ? [] : [nodeDict(node)] };
}

/** `compute_node_get`. */
export function computeNodeAnswer(dialect: Dialect, { node, service }: NodeWithService): JsonValue {
  return dialect.objectsInAnswers
    ? encodeObject(dialect, nodeObject(node))
    : { ...nodeDict(node), service: serviceDict(service) };
}

/** `compute_node_get_all`: an array of dicts, or one ComputeNodeList. */
export function computeNodeListAnswer(dialect: Dialect, nodes: readonly NodeWithService[]): JsonValue {
  if (!dialect.objectsInAnswers) return nodes.map((pair) => computeNodeAnswer(dialect, pair));
  return encodeObject(dialect, new ObjectInput('ComputeNodeList', { objects: nodes.map(({ node }) => nodeObject(node)) }));
}

/** `compute_node_stats`: twelve integers, which the parent adds up over its cells. */
export function computeNodeStatsAnswer(nodes: readonly ComputeNodeRow[]): JsonValue {
  const sums = NODE_SUMS.map((key): [string, number] => [key, nodes.reduce((sum, node) => sum + (node[key] ?? 0), 0)]);
  return { count: nodes.length, ...Object.fromEntries(sums) };
}

/** `actions_get`: dict rows in every release, newest first. */
export function actionsAnswer(actions: readonly ActionRow[]): JsonValue {
  return [...actions].sort((a, b) => b.id - a.id).map(dictRow);
}

/** `action_get_by_request_id`: the API answers 404 to null. */
export function actionAnswer(action: ActionRow | null): JsonValue {
  return action === null ? null : dictRow(action);
}

/** `action_events_get`: dict rows, newest first. */
export function actionEventsAnswer(events: readonly ActionEventRow[]): JsonValue {
  return [...events].sort((a, b) => b.id - a.id).map(dictRow);
}

/** `task_log_get_all`. */
export function taskLogAnswer(rows: readonly TaskLogRow[]): JsonValue {
  return rows.map(dictRow);
}

/**
 * `get_migrations`. Havana to Juno dict rows; Kilo to Mitaka an empty MigrationList, since their parents fail on any other;
 * from Newton on a MigrationList, also when empty. Throws WireError `unknown-method` for Grizzly.
 */
export function migrationsAnswer(dialect: Dialect, migrations: readonly MigrationRow[]): JsonValue {
  switch (dialect.migrationList) {
    case 'absent':
      throw new WireError('unknown-method', `${dialect.release} has no get_migrations`);
    case 'rows':
      return migrations.map(migrationDict);
    case 'empty-object':
      return migrationList(dialect, []);
    case 'object':
      return migrationList(dialect, migrations);
    default:
      return dialect.migrationList satisfies never;
  }
}

/** `get_*_connect_info`: the parent reads all five keys. */
export function consoleAnswer(connection: ConsoleConnection): JsonValue {
  const { token, access_url, host, port, internal_access_path } = connection;
  return { token, access_url, host, port, internal_access_path };
}

/** Icehouse and Juno parents build an object of it and miss none of these keys gladly. */
function serviceDict(service: ServiceRow): JsonObject {
  const { id, host, binary, topic, report_count, disabled, disabled_reason, created_at } = service;
  // Their only sign of life is updated_at.
  const updated_at = service.last_seen_up ?? service.updated_at;
  return dictRow({ id, host, binary, topic, report_count, disabled, disabled_reason, created_at, updated_at });
}

/** All fields set: one left out would be loaded by the parent from its own database, and fail. No zone: the parent works it out. */
function serviceObject(dialect: Dialect, service: ServiceRow): JsonObject {
  const fields = {
    ...fieldsOf(service),
    updated_at: service.last_seen_up ?? service.updated_at,
    forced_down: service.forced_down ?? false,
    version: service.version ?? 0,
  };
  return encodeObject(dialect, new ObjectInput('Service', fields));
}

function nodeDict(node: ComputeNodeRow): JsonObject {
  const { uuid: _uuid, host: _host, ...columns } = node;
  return dictRow(columns);
}

function nodeObject(node: ComputeNodeRow): ObjectInput {
  return new ObjectInput('ComputeNode', { ...COMPUTE_NODE_CONSTANTS, ...fieldsOf(node) });
}

/** The API's list view deletes `deleted` and `deleted_at` from each row, so they must be there. */
function migrationDict(migration: MigrationRow): JsonObject {
  const { uuid: _uuid, migration_type: _type, ...columns } = migration;
  return dictRow(columns);
}

function migrationList(dialect: Dialect, migrations: readonly MigrationRow[]): JsonObject {
  const objects = migrations.map((row) => new ObjectInput('Migration', { ...MIGRATION_CONSTANTS, ...fieldsOf(row) }));
  return encodeObject(dialect, new ObjectInput('MigrationList', { objects }));
}
