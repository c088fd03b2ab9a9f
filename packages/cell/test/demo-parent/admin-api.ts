import { DEMO_PROJECT, DEMO_USER } from './boot.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { ParentDialect } from './releases.js';
import type { Sender } from './sender.js';
import { userContext } from './write-message.js';

/** Listings and reports: questions to the child that the parent's API waits for. */
export class AdminApi {
  constructor(private readonly options: { readonly dialect: ParentDialect; readonly sender: Sender }) {}

  /** Any message at all; resolves with the answer, or with the message's uuid when none is wanted. */
  send(method: string, kwargs: JsonObject, options: SendOptions = {}): Promise<Json> {
    const { needResponse = false, type = 'targeted', timeoutMs } = options;
    const ctxt = options.ctxt ?? this.context();
    const request = { type, method, kwargs, ctxt, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    return needResponse ? this.options.sender.call(request) : this.options.sender.cast(request);
  }

  /** `nova service-list`, `host-list`: the services, taken out of their objects. */
  async services(filters: JsonObject = {}): Promise<JsonObject[]> {
    return rows(await this.ask('service_get_all', { filters }, 'broadcast'));
  }

  async service(host: string): Promise<JsonObject> {
    return plain(await this.ask('service_get_by_compute_host', { host_name: host }));
  }

  async updateService(host: string, disabled: boolean, reason: string | null = null): Promise<JsonObject> {
    const params = { disabled, disabled_reason: reason };
    return plain(await this.ask('service_update', { host_name: host, binary: 'nova-compute', params_to_update: params }));
  }

  deleteService(id: Json): Promise<Json> {
    return this.ask('service_delete', { service_id: id });
  }

  async hypervisors(match: string | null = null): Promise<JsonObject[]> {
    return rows(await this.ask('compute_node_get_all', { hypervisor_match: match }, 'broadcast'));
  }

  async hypervisor(id: string): Promise<JsonObject> {
    return plain(await this.ask('compute_node_get', { compute_id: id }));
  }

  async statistics(): Promise<JsonObject> {
    return plain(await this.ask('compute_node_stats', {}, 'broadcast'));
  }

  uptime(host: string): Promise<Json> {
    return this.ask('get_host_uptime', { host_name: host });
  }

  async actions(uuid: string): Promise<JsonObject[]> {
    return rows(await this.ask('actions_get', { instance_uuid: uuid }));
  }

  async action(uuid: string, requestId: string): Promise<JsonObject | null> {
    const row = await this.ask('action_get_by_request_id', { instance_uuid: uuid, request_id: requestId });
    return row === null ? null : plain(row);
  }

  async actionEvents(actionId: Json): Promise<JsonObject[]> {
    return rows(await this.ask('action_events_get', { action_id: actionId }));
  }

  async migrations(filters: JsonObject = {}): Promise<JsonObject[]> {
    return rows(await this.ask('get_migrations', { filters }, 'broadcast'));
  }

  async taskLog(): Promise<JsonObject[]> {
    const period = { period_beginning: '2026-10-01T00:00:00.000000', period_ending: '2026-11-01T00:00:00.000000' };
    return rows(
      await this.ask('task_log_get_all', { task_name: 'instance_usage_audit', host: null, state: null, ...period }, 'broadcast'),
    );
  }

  async syncInstances(filters: { projectId?: string; updatedSince?: string; deleted?: boolean } = {}): Promise<void> {
    const kwargs = {
      project_id: filters.projectId ?? null,
      updated_since: filters.updatedSince ?? null,
      deleted: filters.deleted ?? false,
    };
    await this.send('sync_instances', kwargs, { type: 'broadcast' });
  }

  async announce(): Promise<void> {
    await this.send('announce_capabilities', {});
    await this.send('announce_capacities', {});
  }

  private ask(method: string, kwargs: JsonObject, type: SendOptions['type'] = 'targeted'): Promise<Json> {
    return this.send(method, kwargs, { needResponse: true, type });
  }

  private context(): JsonObject {
    return userContext(this.options.dialect, { projectId: DEMO_PROJECT, userId: DEMO_USER, admin: true });
  }
}

export interface SendOptions {
  readonly needResponse?: boolean;
  readonly type?: 'targeted' | 'broadcast';
  readonly ctxt?: JsonObject;
  readonly timeoutMs?: number;
}

/** The fields of an object or dict, without the wire's wrapping. */
function plain(value: Json): JsonObject {
  if (!isObject(value)) throw new Error(`an object was expected, not ${JSON.stringify(value)}`);
  const data = value['nova_object.data'];
  return isObject(data) ? data : value;
}

function rows(value: Json): JsonObject[] {
  if (Array.isArray(value)) return value.map(plain);
  const list = plain(value).objects;
  if (!Array.isArray(list)) throw new Error('a list was expected');
  return list.map(plain);
}
