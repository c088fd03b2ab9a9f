import { randomUUID } from 'node:crypto';
import { WireError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json/json.js';
import { flattenContext } from './context.js';

const CONTEXT_PREFIX = '_context_';
/** What the RPC layer of every release assumes where no version is given. */
const DEFAULT_VERSION = '1.0';

/** The RPC layer's dict, read. */
export interface RpcDict {
  readonly method: string;
  readonly args: JsonObject;
  readonly version: string;
  readonly namespace: string | null;
  /** Whether the key is there at all: Havana writes it with null. */
  readonly namespaceKey: boolean;
  /** `_context_*` without the prefix. */
  readonly context: JsonObject;
  readonly uniqueId: string | null;
  /** Set for a call. */
  readonly msgId: string | null;
  readonly replyQueue: string | null;
}

/** Throws WireError `bad-envelope` naming the key. */
export function readRpcDict(rpc: JsonObject): RpcDict {
  const { method, args = {} } = rpc;
  if (typeof method !== 'string') throw new WireError('bad-envelope', 'the RPC dict has no method');
  if (!isJsonObject(args)) throw new WireError('bad-envelope', `the arguments of ${method} are not an object`);
  let context: JsonObject | undefined;
  return {
    method,
    args,
    version: textAt(rpc, 'version') ?? DEFAULT_VERSION,
    namespace: textAt(rpc, 'namespace'),
    namespaceKey: Object.hasOwn(rpc, 'namespace'),
    // Its copy travels in the inter-cell message; this one is looked at now and then.
    get context() {
      context ??= contextOf(rpc);
      return context;
    },
    uniqueId: textAt(rpc, '_unique_id'),
    msgId: textAt(rpc, '_msg_id'),
    replyQueue: textAt(rpc, '_reply_q'),
  };
}

export interface RpcDictInput {
  readonly method: string;
  readonly args: JsonObject;
  readonly version: string;
  readonly context: JsonObject;
  readonly namespace?: string | null;
  /** `_msg_id`, `_reply_q`, `_timeout` of a call. */
  readonly call?: JsonObject;
}

export function writeRpcDict(input: RpcDictInput): JsonObject {
  return {
    method: input.method,
    args: input.args,
    version: input.version,
    ...(input.namespace === undefined ? {} : { namespace: input.namespace }),
    _unique_id: newUniqueId(),
    ...input.call,
    ...flattenContext(input.context),
  };
}

/** 32 hexadecimal characters, as oslo.messaging makes them. */
export function newUniqueId(): string {
  return randomUUID().replaceAll('-', '');
}

/** oslo.messaging's rule: same major, and a minor that the server has reached. */
export function isVersionServed(wanted: string, served: readonly string[]): boolean {
  const [major, minor] = versionParts(wanted);
  return served.some((version) => {
    const [ourMajor, ourMinor] = versionParts(version);
    return major === ourMajor && minor <= ourMinor;
  });
}

function versionParts(version: string): [number, number] {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(version);
  return match ? [Number(match[1]), Number(match[2] ?? 0)] : [Number.NaN, Number.NaN];
}

function contextOf(rpc: JsonObject): JsonObject {
  const keys = Object.keys(rpc).filter((key) => key.startsWith(CONTEXT_PREFIX));
  return Object.fromEntries(keys.map((key) => [key.slice(CONTEXT_PREFIX.length), rpc[key] ?? null]));
}

function textAt(rpc: JsonObject, key: string): string | null {
  const value = rpc[key];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new WireError('bad-envelope', `${key} in the RPC dict is not a string`);
}
