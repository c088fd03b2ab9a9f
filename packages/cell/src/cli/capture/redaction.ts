import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '@burstcell/wire';

/** What stands where a secret was. */
const HIDDEN = '***';
/** The same in base64, which user data must be. */
const HIDDEN_BASE64 = 'Kioq';

/** Members that hold a secret, whatever is around them: contexts, objects, rows, metadata of tenants. */
const SECRET = /password|passwd|passphrase|_pass$|token|secret|private_key|public_key|key_data|user_data|connection_info/i;
const FILES = new Set(['injected_files', 'files_to_inject']);
/** In URLs of consoles, plain or escaped. */
const TOKEN_IN_URL = /(token(?:=|%3D))[^&"'\s\\%]+/gi;

/** Secrets that the compute API takes by position: the first is the uuid (nova/compute/api.py). */
const POSITIONS: Readonly<Record<string, readonly number[]>> = {
  set_admin_password: [1],
  rescue: [1],
  rebuild: [2],
  inject_file: [2],
  evacuate: [3],
};

/** A body as it may be kept, or why it may not: what cannot be read cannot be searched for secrets. */
export type Redacted = { readonly body: string } | { readonly body: null; readonly unreadable: string };

/**
 * Takes out tokens, passwords, keys, user data, the contents of injected files and service catalogs, through JSON within JSON
 * within JSON. What stands in their place has their type, so that the message can be sent again. A body without any comes out
 * as it went in.
 */
export function redact(body: Buffer): Redacted {
  const text = body.toString('utf8');
  try {
    const value = parseJson(text);
    const hidden = hideIn(value);
    return { body: hidden === value ? text : stringifyJson(hidden, { ascii: true }) };
  } catch (error) {
    return { body: null, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** The same value where there was nothing to hide. */
function hideIn(value: JsonValue): JsonValue {
  if (typeof value === 'string') return hideInText(value);
  if (Array.isArray(value)) return unchangedOr(value, value.map(hideIn));
  return isJsonObject(value) ? hideInObject(value) : value;
}

function hideInText(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text.replace(TOKEN_IN_URL, `$1${HIDDEN}`);
  const inner = parsed(text);
  if (inner === undefined) return text.replace(TOKEN_IN_URL, `$1${HIDDEN}`);
  const hidden = hideIn(inner);
  return hidden === inner ? text : stringifyJson(hidden, { ascii: true });
}

function hideInObject(object: JsonObject): JsonObject {
  const entries = Object.entries(withoutPositional(object)).map(([key, value]) => [key, hideMember(key, value, object)] as const);
  const isSame = entries.every(([key, value]) => value === object[key]);
  return isSame ? object : Object.fromEntries(entries);
}

function hideMember(key: string, value: JsonValue, { key: rowKey }: JsonObject): JsonValue {
  if (key === 'service_catalog' || key === '_context_service_catalog') return isEmptyList(value) ? value : [];
  if (FILES.has(key) && Array.isArray(value)) return unchangedOr(value, value.map(hideFile));
  if (SECRET.test(key)) return hidden(key, value);
  // A row of metadata: its name stands beside it.
  if (key === 'value' && typeof rowKey === 'string' && SECRET.test(rowKey)) return hidden(rowKey, value);
  return hideIn(value);
}

function hidden(key: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    if (value === '' || value === HIDDEN || value === HIDDEN_BASE64) return value;
    return key.endsWith('user_data') ? HIDDEN_BASE64 : HIDDEN;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return 0;
  if (Array.isArray(value)) return isEmptyList(value) ? value : [];
  return isJsonObject(value) ? {} : value;
}

/** `[path, content]`. */
function hideFile(file: JsonValue): JsonValue {
  return Array.isArray(file) && typeof file[1] === 'string' && file[1] !== HIDDEN_BASE64
    ? [file[0] ?? null, HIDDEN_BASE64]
    : file;
}

function withoutPositional(object: JsonObject): JsonObject {
  const { method, method_args: args } = object;
  const positions = typeof method === 'string' && Object.hasOwn(POSITIONS, method) ? (POSITIONS[method] ?? []) : [];
  if (!Array.isArray(args) || positions.length === 0) return object;
  return {
    ...object,
    method_args: unchangedOr(
      args,
      args.map((arg, at) => (positions.includes(at) ? hidden('', arg) : arg)),
    ),
  };
}

function unchangedOr(before: JsonValue[], after: JsonValue[]): JsonValue[] {
  return after.every((item, index) => item === before[index]) ? before : after;
}

function isEmptyList(value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    // Text that only looks like JSON.
    return undefined;
  }
}
