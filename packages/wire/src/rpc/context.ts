import { randomUUID } from 'node:crypto';
import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { formatDictTime, parseTime } from '../time.js';

/** nova's request context as it travels in `ctxt`: kept as received, so that an answer can quote it unchanged. */
export type RequestContext = JsonObject;

const READ_DELETED = new Set(['no', 'yes', 'only']);
/** nova parses with a mandatory fraction of one to six digits and no zone (nova/context.py, all releases). */
const STRICT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{1,6}$/;

const ADMIN_VALUES: Readonly<Record<string, JsonValue>> = {
  is_admin: true,
  is_admin_project: true,
  read_deleted: 'no',
  read_only: false,
  roles: ['admin'],
  service_catalog: [],
  show_deleted: false,
  instance_lock_checked: false,
  user_identity: '- - - - -',
};

const PREFIXED = new Map<string, string>();
/** Twice as many as all releases have together. */
const PREFIXED_KEYS = 64;

/**
 * The context of what the child says of its own accord. Admin, since the parent's database layer otherwise
 * looks only at the context's own project. Carries exactly the keys that a cell of this release sends.
 */
export function adminContext(dialect: Dialect, options: { requestId?: string; now?: Date } = {}): RequestContext {
  const ctxt: RequestContext = {};
  for (const key of dialect.contextKeys) ctxt[key] = ownCopy(ADMIN_VALUES[key] ?? null);
  ctxt.timestamp = formatDictTime(options.now ?? new Date());
  ctxt.request_id = options.requestId ?? `req-${randomUUID()}`;
  return ctxt;
}

/**
 * The RPC layer's copy of a context, `_context_*`. From Icehouse on a parent rebuilds it strictly and loses the
 * whole message when it cannot, so what is missing or malformed is put right here; `ctxt` itself stays as it is.
 */
export function flattenContext(ctxt: RequestContext, now: Date = new Date()): JsonObject {
  const valid: JsonObject = { user_id: null, project_id: null, ...ctxt };
  if (!READ_DELETED.has(String(valid.read_deleted))) valid.read_deleted = 'no';
  if (!isTimestampOrNull(valid.timestamp)) valid.timestamp = formatDictTime(parseTime(valid.timestamp) ?? now);
  const flat: JsonObject = {};
  for (const key of Object.keys(valid)) flat[prefixed(key)] = valid[key] ?? null;
  return flat;
}

/** Throws WireError `bad-context` naming the key, where a nova cell could not read this context either. */
export function checkContext(ctxt: RequestContext): void {
  const readDeleted = ctxt.read_deleted;
  if (readDeleted !== undefined && !READ_DELETED.has(String(readDeleted))) {
    throw new WireError('bad-context', `ctxt.read_deleted is ${JSON.stringify(String(readDeleted))}, not no, yes or only`);
  }
  if (!isTimestampOrNull(ctxt.timestamp)) {
    throw new WireError('bad-context', 'ctxt.timestamp has not the form YYYY-MM-DDTHH:MM:SS.ffffff');
  }
  for (const key of ['user_id', 'project_id', 'request_id'] as const) checkText(ctxt, key);
  if (ctxt.roles !== undefined && ctxt.roles !== null && !Array.isArray(ctxt.roles)) {
    throw new WireError('bad-context', 'ctxt.roles is not a list');
  }
}

/** Milliseconds since the request was made, by the sender's clock; null where it gave no time. */
export function contextAgeMs(ctxt: RequestContext, now: Date = new Date()): number | null {
  const time = parseTime(ctxt.timestamp);
  return time === null ? null : now.getTime() - time.getTime();
}

/** Lists are the only values that somebody could change. */
function ownCopy(value: JsonValue): JsonValue {
  return Array.isArray(value) ? [...value] : value;
}

/** Every message has the same few keys; what a stranger invents beyond that is put together each time. */
function prefixed(key: string): string {
  const known = PREFIXED.get(key);
  if (known !== undefined) return known;
  const made = `_context_${key}`;
  if (PREFIXED.size < PREFIXED_KEYS) PREFIXED.set(key, made);
  return made;
}

function checkText(ctxt: RequestContext, key: string): void {
  const value = ctxt[key];
  if (value === undefined || value === null || typeof value === 'string') return;
  throw new WireError('bad-context', `ctxt.${key} is neither a string nor null`);
}

function isTimestampOrNull(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' && STRICT_TIME.test(value) && parseTime(value) !== null;
}
