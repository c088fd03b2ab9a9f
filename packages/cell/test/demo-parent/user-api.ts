import type { ApiDatabase } from './api-database.js';
import { ApiRefusal } from './api-refusal.js';
import { type BootRequest, buildMessage, DEMO_PROJECT, DEMO_USER, insertRows } from './boot.js';
import { instanceDict, instanceObject } from './instance-form.js';
import type { Json, JsonObject } from './json.js';
import { NeverSent } from './never-sent.js';
import type { ParentDialect } from './releases.js';
import type { Sender } from './sender.js';
import type { InstanceRow, Tables } from './tables.js';
import { isCall, isSent, ownMethod, sideIsObject, taskOf, type Verb, type VerbArguments, verbNamed } from './verb-data.js';
import { userContext } from './write-message.js';

export interface UserApiOptions {
  readonly dialect: ParentDialect;
  readonly tables: Tables;
  readonly sender: Sender;
  readonly apiDatabase: ApiDatabase;
}

/** What nova's API does for a user: checks its own row, writes its own row, then sends. Refusals are {@link ApiRefusal}. */
export class UserApi {
  /** The request id of the last message of each instance, for `instance-action`. */
  readonly requestIds = new Map<string, string>();

  constructor(private readonly options: UserApiOptions) {}

  /** `nova boot`: one message for all of `count`. Resolves with the uuids when it is sent. */
  async boot(request: BootRequest): Promise<string[]> {
    const { dialect, tables, sender, apiDatabase } = this.options;
    const rows = insertRows(request, dialect, tables);
    const projectId = request.projectId ?? DEMO_PROJECT;
    if (dialect.buildRequests !== 'none') {
      await apiDatabase.booted(rows.map((row) => ({ uuid: row.uuid, projectId, name: String(row.columns.display_name) })));
    }
    const { method, kwargs } = buildMessage(rows, request, dialect);
    await sender.cast({ type: 'targeted', method, kwargs, ctxt: this.context(rows.map((row) => row.uuid)) });
    return rows.map((row) => row.uuid);
  }

  /** Any verb of {@link VERBS}. Resolves when sent; with the answer where the verb waits for one. */
  async verb(name: string, uuid: string, given: VerbArguments & { timeoutMs?: number } = {}): Promise<Json> {
    const verb = verbNamed(name);
    const { release } = this.options.dialect;
    if (!isSent(verb, release)) throw new NeverSent(name, release);
    const row = this.addressable(uuid);
    check(verb, row, this.options.dialect);
    const task = taskOf(verb, release);
    const before = row.columns.task_state ?? null;
    const changes = {
      ...given.columns,
      ...(task === null ? {} : { task_state: task }),
      ...(verb.progress ? { progress: 0 } : {}),
    };
    this.write(row, changes);
    const ctxt = this.context([uuid]);
    if (!verb.noSide && Object.keys(changes).length > 0) await this.sendSide(row, { changes, expected: before, ctxt, verb });
    return this.send(verb, row, given, ctxt);
  }

  start(uuid: string): Promise<Json> {
    return this.verb('start', uuid);
  }

  stop(uuid: string): Promise<Json> {
    return this.verb('stop', uuid, this.options.dialect.cleanShutdown ? { own: { clean_shutdown: true } } : {});
  }

  /** EC2's StopInstances: the same message, and the API waits for the answer. */
  async stopAndWait(uuid: string): Promise<Json> {
    const row = this.addressable(uuid);
    const verb = { ...verbNamed('stop'), call: true };
    check(verb, row, this.options.dialect);
    const changes = { task_state: 'powering-off', progress: 0 };
    this.write(row, changes);
    const ctxt = this.context([uuid]);
    await this.sendSide(row, { changes, expected: null, ctxt, verb });
    return this.send(verb, row, this.options.dialect.cleanShutdown ? { own: { clean_shutdown: true } } : {}, ctxt);
  }

  reboot(uuid: string, type: 'SOFT' | 'HARD' = 'SOFT'): Promise<Json> {
    return this.verb(type === 'SOFT' ? 'reboot' : 'reboot-hard', uuid, { own: { reboot_type: type }, args: [type] });
  }

  async consoleLog(uuid: string, tail: number | null = null, timeoutMs?: number): Promise<string> {
    const answer = await this.verb('console-log', uuid, { args: [tail], ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    return String(answer);
  }

  /** `nova delete`, `nova force-delete`: any state, any number of times. */
  async delete(uuid: string, options: { force?: boolean } = {}): Promise<void> {
    const row = this.options.tables.living(uuid);
    if (!row) throw new ApiRefusal(404, `instance ${uuid} could not be found`);
    if (!row.columns.cell_name) return this.deleteEverywhere(row);
    const changes = { task_state: 'deleting', progress: 0 };
    this.write(row, changes);
    const ctxt = this.context([uuid]);
    const { dialect, sender } = this.options;
    if (!dialect.objectVerbs) return void (await this.computeApi(uuid, options.force ? 'force_delete' : 'delete', {}, ctxt));
    await this.sendUpdateFromApi(row, { changes, expected: null, ctxt });
    const type = options.force ? 'force_delete' : 'delete';
    const kwargs = { instance: instanceObject(row, dialect), ...(dialect.deleteType ? { delete_type: type } : {}) };
    await sender.cast({ type: 'targeted', method: 'terminate_instance', kwargs, ctxt });
    if (options.force && !dialect.deleteType) await this.computeApi(uuid, 'force_delete', {}, ctxt);
  }

  /** No cell is known for it: every cell is told, and the row goes at once. */
  private async deleteEverywhere(row: InstanceRow): Promise<void> {
    const { dialect, sender, apiDatabase, tables } = this.options;
    const instance = ['grizzly', 'havana'].includes(dialect.release) ? instanceDict(row) : instanceObject(row, dialect);
    row.deleted = true;
    await apiDatabase.dropBuildRequest(row.uuid);
    tables.changed(row.uuid);
    const kwargs = { instance, delete_type: 'hard' };
    await sender.cast({ type: 'broadcast', method: 'instance_delete_everywhere', kwargs, ctxt: this.context([row.uuid]) });
  }

  async lock(uuid: string): Promise<void> {
    const { dialect } = this.options;
    await this.change(uuid, { locked: true, locked_by: 'owner' }, 'update');
    if (dialect.locksByVerb) await this.computeApi(uuid, 'lock', {}, this.context([uuid]));
  }

  /** Up to Icehouse the parent runs its lock code: its row stays locked until the child says otherwise. */
  async unlock(uuid: string): Promise<void> {
    const { dialect } = this.options;
    if (!dialect.locksByVerb) return this.change(uuid, { locked: false, locked_by: null }, 'update');
    this.write(this.addressable(uuid), { locked: true, locked_by: 'owner' });
    await this.computeApi(uuid, 'unlock', {}, this.context([uuid]));
  }

  async rename(uuid: string, name: string): Promise<void> {
    await this.change(uuid, { display_name: name }, 'update');
  }

  /** `nova reset-state`: the one update from the API whose states count. */
  async resetState(uuid: string, vmState: 'error' | 'active'): Promise<void> {
    const row = this.addressable(uuid);
    const changes = { vm_state: vmState, task_state: null };
    this.write(row, changes);
    const ctxt = this.context([uuid]);
    if (!this.options.dialect.objectVerbs) return void (await this.computeApi(uuid, 'update', { kwargs: changes }, ctxt));
    await this.sendUpdateFromApi(row, { changes, expected: null, ctxt, reset: true });
  }

  async setMetadata(uuid: string, set: Readonly<Record<string, string>>): Promise<void> {
    const row = this.addressable(uuid);
    row.metadata = { ...row.metadata, ...set };
    const ctxt = this.context([uuid]);
    const { dialect } = this.options;
    const sideBefore = dialect.objectVerbs && dialect.release !== 'havana';
    if (sideBefore) await this.sendUpdateFromApi(row, { changes: { metadata: null }, expected: null, ctxt });
    await this.computeApi(uuid, 'update_instance_metadata', { args: [{ ...row.metadata }], kwargs: { delete: false } }, ctxt);
  }

  async deleteMetadata(uuid: string, key: string): Promise<void> {
    const row = this.addressable(uuid);
    row.metadata = Object.fromEntries(Object.entries(row.metadata).filter(([name]) => name !== key));
    await this.computeApi(uuid, 'delete_instance_metadata', { args: [key] }, this.context([uuid]));
  }

  /** A row that may be worked on: it has a cell, or nobody knows whom to ask. */
  private addressable(uuid: string): InstanceRow {
    const row = this.options.tables.living(uuid);
    if (!row) throw new ApiRefusal(404, `instance ${uuid} could not be found`);
    if (!row.columns.cell_name) throw new ApiRefusal(404, `instance ${uuid} has no cell yet`);
    return row;
  }

  private async change(uuid: string, changes: JsonObject, computeApi: string): Promise<void> {
    const row = this.addressable(uuid);
    this.write(row, changes);
    const ctxt = this.context([uuid]);
    const { objectVerbs } = this.options.dialect;
    if (objectVerbs) return void (await this.sendUpdateFromApi(row, { changes, expected: null, ctxt }));
    await this.computeApi(uuid, computeApi, computeApi === 'update' ? { kwargs: changes } : {}, ctxt);
  }

  private write(row: InstanceRow, changes: JsonObject): void {
    Object.assign(row.columns, changes);
    this.options.tables.changed(row.uuid);
  }

  /** What goes down before the verb: Grizzly by `update`, later as the changed object. */
  private async sendSide(
    row: InstanceRow,
    side: { changes: JsonObject; expected: Json; ctxt: JsonObject; verb: Verb },
  ): Promise<void> {
    const { release } = this.options.dialect;
    if (sideIsObject(side.verb, release)) return this.sendUpdateFromApi(row, { ...side, expected: [side.expected] });
    const left = Object.entries(side.changes).filter(([key]) => key !== 'vm_state' && key !== 'task_state');
    const kwargs = { ...Object.fromEntries(left), expected_task_state: side.expected };
    await this.computeApi(row.uuid, 'update', { kwargs }, side.ctxt);
  }

  private async sendUpdateFromApi(
    row: InstanceRow,
    side: { changes: JsonObject; expected: Json; ctxt: JsonObject; reset?: boolean },
  ): Promise<void> {
    const kwargs = {
      instance: instanceObject(row, this.options.dialect, { changes: Object.keys(side.changes) }),
      expected_vm_state: null,
      expected_task_state: side.expected,
      admin_state_reset: side.reset ?? false,
    };
    await this.options.sender.cast({ type: 'targeted', method: 'instance_update_from_api', kwargs, ctxt: side.ctxt });
  }

  private async send(
    verb: Verb,
    row: InstanceRow,
    given: VerbArguments & { timeoutMs?: number },
    ctxt: JsonObject,
  ): Promise<Json> {
    const { dialect, sender } = this.options;
    const method = ownMethod(verb, dialect.release);
    if (verb.name === 'live-migration' && !dialect.liveMigration) {
      if (dialect.release === 'grizzly') return null; // its scheduler call is a no-op: only the side message has left
      throw new ApiRefusal(500, 'this release cannot hand a live migration to a cell');
    }
    const call = isCall(verb, dialect.release);
    const timeout = given.timeoutMs === undefined ? {} : { timeoutMs: given.timeoutMs };
    if (method === undefined) return this.computeApi(row.uuid, verb.computeApi, { ...given, call, ...timeout }, ctxt);
    const request = {
      type: 'targeted' as const,
      method,
      kwargs: { instance: instanceObject(row, dialect), ...given.own },
      ctxt,
      ...timeout,
    };
    return call ? sender.call(request) : sender.cast(request);
  }

  private async computeApi(
    uuid: string,
    method: string,
    given: { args?: readonly Json[]; kwargs?: JsonObject; call?: boolean; timeoutMs?: number },
    ctxt: JsonObject,
  ): Promise<Json> {
    const info = { method, method_args: [uuid, ...(given.args ?? [])], method_kwargs: given.kwargs ?? {} };
    const timeout = given.timeoutMs === undefined ? {} : { timeoutMs: given.timeoutMs };
    const request = {
      type: 'targeted' as const,
      method: 'run_compute_api_method',
      kwargs: { method_info: info },
      ctxt,
      ...timeout,
    };
    return given.call ? this.options.sender.call(request) : this.options.sender.cast(request);
  }

  private context(uuids: readonly string[]): JsonObject {
    const ctxt = userContext(this.options.dialect, { projectId: DEMO_PROJECT, userId: DEMO_USER });
    for (const uuid of uuids) this.requestIds.set(uuid, String(ctxt.request_id));
    return ctxt;
  }
}

/** The parent's own checks on its own copy: 409 where they fail, and no message leaves. */
function check(verb: Verb, row: InstanceRow, dialect: ParentDialect): void {
  const { vm_state: vmState, task_state: taskState, host, launched_at: launchedAt } = row.columns;
  if (verb.needsHost && !host) throw new ApiRefusal(409, `instance ${row.uuid} is not ready: it has no host`);
  if (verb.vmStates && dialect.needsLaunchedAt && !launchedAt)
    throw new ApiRefusal(409, `instance ${row.uuid} was never launched`);
  if (verb.vmStates && !verb.vmStates.includes(String(vmState)))
    throw new ApiRefusal(409, `cannot ${verb.name} while vm_state is ${vmState}`);
  if (taskState === null || taskState === undefined || verb.taskStates === 'any') return;
  if (!verb.taskStates?.includes(String(taskState)))
    throw new ApiRefusal(409, `cannot ${verb.name} while task_state is ${taskState}`);
}
