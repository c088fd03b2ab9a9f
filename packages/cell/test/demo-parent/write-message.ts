import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json.js';
import type { ParentDialect } from './releases.js';

export interface DownMessage {
  readonly type: 'targeted' | 'broadcast' | 'response';
  readonly method: string;
  readonly kwargs: JsonObject;
  readonly ctxt: JsonObject;
  readonly needResponse: boolean;
  readonly uuid?: string;
  readonly responseUuid?: string;
}

/** A user's request as the parent's context object has it, in the keys of its release. */
export function userContext(dialect: ParentDialect, user: { projectId: string; userId: string; admin?: boolean }): JsonObject {
  const requestId = `req-${randomUUID()}`;
  const known: JsonObject = {
    user_id: user.userId,
    project_id: user.projectId,
    is_admin: user.admin ?? false,
    is_admin_project: true,
    read_deleted: 'no',
    roles: user.admin ? ['admin', 'member'] : ['member'],
    remote_address: '127.0.0.1',
    timestamp: novaTimestamp(new Date()),
    request_id: requestId,
    service_catalog: [],
    project_name: user.projectId,
    project: user.projectId,
    tenant: user.projectId,
    user: user.userId,
    user_name: user.userId,
    user_identity: `${user.userId} ${user.projectId} - - -`,
    read_only: false,
    show_deleted: false,
    instance_lock_checked: false,
  };
  return Object.fromEntries(dialect.contextKeys.map((key) => [key, known[key] ?? null]));
}

/** `2026-01-01T00:00:00.000000`: six digits, no zone. */
export function novaTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000`;
}

/** The inter-cell message as a parent writes it; `routing_path` is its own name. */
export function interCell(message: DownMessage, own: string, child: string): JsonObject {
  const base: JsonObject = {
    message_type: message.type,
    ctxt: message.ctxt,
    method_name: message.method,
    method_kwargs: message.kwargs,
    direction: 'down',
    need_response: message.needResponse,
    fanout: message.type === 'response',
    uuid: message.uuid ?? randomUUID(),
    routing_path: own,
    hop_count: 1,
    max_hop_count: 10,
  };
  if (message.type !== 'broadcast') base.target_cell = `${own}!${child}`;
  if (message.responseUuid !== undefined) base.response_uuid = message.responseUuid;
  return base;
}

/** The whole AMQP body: RPC dict around the inter-cell text, envelope around that where the release has one. */
export function rpcBody(message: JsonObject, dialect: ParentDialect): Buffer {
  const ctxt = message.ctxt;
  const rpc: JsonObject = {
    method: 'process_message',
    version: '1.0',
    args: { message: JSON.stringify(message) },
    _unique_id: randomUUID().replaceAll('-', ''),
  };
  if (dialect.namespaceNull) rpc.namespace = null;
  if (typeof ctxt === 'object' && ctxt !== null && !Array.isArray(ctxt)) {
    for (const [key, value] of Object.entries(ctxt)) rpc[`_context_${key}`] = value;
  }
  const body = dialect.envelope ? { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(rpc) } : rpc;
  return Buffer.from(JSON.stringify(body));
}
