import { isObject, isText, type Json, type JsonObject, tryParse } from './json.js';
import type { ParentDialect } from './releases.js';
import { type Findings, Lost } from './violations.js';

/** A message as it came off one of the parent's queues. */
export interface RawDelivery {
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType: string | undefined;
  readonly deliveryMode: number | undefined;
}

export interface UpMessage {
  readonly type: 'targeted' | 'broadcast' | 'response';
  readonly method: string;
  readonly kwargs: JsonObject;
  readonly ctxt: JsonObject;
  readonly uuid: string;
  readonly fanout: boolean;
  readonly needResponse: boolean;
  readonly routingPath: string;
  readonly responseUuid: string | null;
}

export interface CellNames {
  /** The parent's own. */
  readonly own: string;
  readonly child: string;
  readonly exchange: string;
  readonly queueBase: string;
}

const TYPES = new Set(['targeted', 'broadcast', 'response']);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}$/;
const READ_DELETED = new Set<Json | undefined>(['no', 'yes', 'only', undefined]);
const FANOUT_METHODS = new Set(['update_capabilities', 'update_capacities']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Takes the layers off, each as strictly as a parent of that release. Throws {@link Lost} where the message is dropped. */
export function readMessage(raw: RawDelivery, dialect: ParentDialect, names: CellNames, findings: Findings): UpMessage {
  const rpc = readRpc(raw, dialect, findings);
  const text = isObject(rpc.args) ? rpc.args.message : undefined;
  if (!isText(text)) throw new Lost('bad-rpc', 'args.message is no text');
  const message = tryParse(text);
  if (!isObject(message)) throw new Lost('bad-message', 'args.message is no JSON object');
  const read = readInterCell(message, dialect, findings);
  checkRouting(read, message, names);
  checkRoute(raw, read, names, findings);
  return read;
}

function readRpc(raw: RawDelivery, dialect: ParentDialect, findings: Findings): JsonObject {
  if (raw.contentType !== 'application/json') throw new Lost('content-type', `content type ${raw.contentType}`);
  if (raw.deliveryMode !== 2) findings.add('risk', 'delivery-mode', 'the message would not outlive the broker');
  const outer = tryParse(raw.body.toString('utf8'));
  if (!isObject(outer)) throw new Lost('bad-json', 'the body is no JSON object');
  const enveloped = 'oslo.version' in outer && 'oslo.message' in outer;
  if (enveloped && outer['oslo.version'] !== '2.0') throw new Lost('bad-envelope', `envelope version ${outer['oslo.version']}`);
  const rpc = enveloped ? tryParse(String(outer['oslo.message'])) : outer;
  if (!isObject(rpc)) throw new Lost('bad-envelope', 'oslo.message is no JSON object');
  checkRpc(rpc, dialect, findings);
  return rpc;
}

function checkRpc(rpc: JsonObject, dialect: ParentDialect, findings: Findings): void {
  if (rpc.method !== 'process_message') throw new Lost('bad-rpc', `RPC method ${rpc.method}`);
  if (rpc.version !== undefined && rpc.version !== '1.0') throw new Lost('bad-rpc', `RPC version ${rpc.version}`);
  if (rpc.namespace !== undefined && rpc.namespace !== null) throw new Lost('bad-rpc', `namespace ${rpc.namespace}`);
  if (rpc._msg_id !== undefined) findings.add('risk', 'rpc-call', 'an RPC call crossed cells');
  if (!/^[0-9a-f]{32}$/.test(String(rpc._unique_id ?? ''))) findings.add('risk', 'unique-id', '_unique_id is no 32 hex digits');
  if (dialect.strictRpcContext) checkContext(flat(rpc), dialect, '_context_');
}

function flat(rpc: JsonObject): JsonObject {
  const keys = Object.keys(rpc).filter((key) => key.startsWith('_context_'));
  return Object.fromEntries(keys.map((key) => [key.slice('_context_'.length), rpc[key] ?? null]));
}

function checkContext(ctxt: JsonObject, dialect: ParentDialect, where: string): void {
  for (const key of dialect.contextRequired) if (!(key in ctxt)) throw new Lost('bad-context', `${where}${key} is missing`);
  if (!READ_DELETED.has(ctxt.read_deleted)) throw new Lost('bad-context', `${where}read_deleted ${ctxt.read_deleted}`);
  const timestamp = ctxt.timestamp;
  if (timestamp === undefined || timestamp === null) return;
  if (!isText(timestamp) || !TIMESTAMP.test(timestamp)) throw new Lost('bad-context', `${where}timestamp ${timestamp}`);
}

function readInterCell(message: JsonObject, dialect: ParentDialect, findings: Findings): UpMessage {
  const type = message.message_type;
  if (!isText(type) || !TYPES.has(type)) throw new Lost('bad-message', `message_type ${type}`);
  const { ctxt, method_name: method, method_kwargs: kwargs, routing_path: routingPath, uuid } = message;
  if (!isObject(ctxt)) throw new Lost('bad-message', 'ctxt is missing');
  if (!isText(method)) throw new Lost('bad-message', 'method_name is missing');
  if (!isObject(kwargs)) throw new Lost('bad-message', 'method_kwargs is missing');
  if (!isText(routingPath)) throw new Lost('bad-message', 'routing_path is missing');
  if (message.direction !== 'up') throw new Lost('bad-message', `direction ${message.direction}`);
  if (!isText(uuid) || !UUID.test(uuid)) findings.add('risk', 'message-uuid', `uuid ${uuid}`);
  checkContext(ctxt, dialect, 'ctxt.');
  if (type !== 'response' && ctxt.is_admin !== true) findings.add('risk', 'not-admin', 'ctxt.is_admin is not true');
  const responseUuid = message.response_uuid;
  if (type === 'response' && !isText(responseUuid)) throw new Lost('bad-message', 'response_uuid is missing');
  return {
    type: type as UpMessage['type'],
    method,
    kwargs,
    ctxt,
    uuid: String(uuid),
    fanout: message.fanout === true,
    needResponse: message.need_response === true,
    routingPath,
    responseUuid: isText(responseUuid) ? responseUuid : null,
  };
}

/** Only a direct child speaks here: one name in the path, and a target that names both of us. */
function checkRouting(read: UpMessage, message: JsonObject, names: CellNames): void {
  if (read.routingPath !== names.child || message.hop_count !== 1) {
    throw new Lost('bad-routing', `routing_path ${read.routingPath}, hop_count ${message.hop_count}`);
  }
  if (!(Number(message.max_hop_count) >= 2)) throw new Lost('bad-routing', `max_hop_count ${message.max_hop_count}`);
  if (read.type === 'broadcast') return;
  const wanted = `${names.child}!${names.own}`;
  if (message.target_cell !== wanted) throw new Lost('bad-routing', `target_cell ${message.target_cell}, not ${wanted}`);
}

/** Plain messages by the topic exchange, responses and cell states by the fanout one: several workers may wait. */
function checkRoute(raw: RawDelivery, read: UpMessage, names: CellNames, findings: Findings): void {
  const topic = `${names.queueBase}.${read.type}`;
  const fanout = raw.exchange === `${topic}_fanout`;
  if (!fanout && (raw.exchange !== names.exchange || raw.routingKey !== topic)) {
    findings.add('risk', 'wrong-exchange', `${read.type} came by ${raw.exchange}/${raw.routingKey}`);
  }
  const wantsFanout = read.type === 'response' || FANOUT_METHODS.has(read.method);
  if (fanout !== wantsFanout) findings.add('risk', 'fanout', `${read.method} ${fanout ? 'was' : 'was not'} fanned out`);
  if (fanout !== read.fanout) findings.add('risk', 'fanout', `${read.method} says fanout ${read.fanout}`);
}
