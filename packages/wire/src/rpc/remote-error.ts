import { WireError } from '../errors.js';
import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../json/json.js';

/** The module of nova's own exceptions: the only one every release's parent rebuilds besides the builtins. */
export const NOVA_EXCEPTIONS = 'nova.exception';
/** Python 2's builtins, which a Python 2 parent rebuilds; anything else becomes a generic error (HTTP 500). */
export const BUILTIN_EXCEPTIONS = 'exceptions';

export interface RemoteErrorFields {
  readonly className: string;
  readonly module: string;
  readonly message: string;
  /** Positional constructor arguments; for nova's exceptions the message. */
  readonly args?: JsonValue[];
  /** Keyword constructor arguments: format parameters and `code`. */
  readonly kwargs?: JsonObject;
  /** Traceback lines. The parent shows them to users: leave them out. */
  readonly tb?: string[];
}

/** An exception as data: what crosses the wire in either direction. Never an import. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly className: string;
  readonly module: string;
  readonly args: JsonValue[];
  readonly kwargs: JsonObject;
  readonly tb: string[];

  constructor(fields: RemoteErrorFields) {
    super(fields.message);
    this.className = fields.className;
    this.module = fields.module;
    this.args = fields.args ?? [fields.message];
    this.kwargs = fields.kwargs ?? {};
    this.tb = fields.tb ?? [];
  }

  /** The HTTP status the exception asks for, where it does. */
  get code(): number | null {
    return typeof this.kwargs.code === 'number' ? this.kwargs.code : null;
  }
}

/**
 * The JSON text a failed response carries. ASCII only, since Python 2 parents cannot read it otherwise, and
 * without traceback, since the parent would show it to the user.
 */
export function encodeFailure(error: RemoteError): string {
  const { className, module, message, args, kwargs } = error;
  return stringifyJson({ class: className, module, message, tb: [], args, kwargs }, { ascii: true });
}

/** Reads a failure; a real cell's traceback is kept in `tb`. Throws WireError `bad-message`. */
export function decodeFailure(text: string): RemoteError {
  const value = parseFailure(text);
  if (!isJsonObject(value) || typeof value.class !== 'string') throw new WireError('bad-message', 'a failure without class');
  return new RemoteError({
    className: value.class,
    module: typeof value.module === 'string' ? value.module : '',
    message: typeof value.message === 'string' ? value.message : '',
    args: Array.isArray(value.args) ? value.args : [],
    kwargs: isJsonObject(value.kwargs) ? value.kwargs : {},
    tb: Array.isArray(value.tb) ? value.tb.map(String) : [],
  });
}

function parseFailure(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new WireError('bad-message', `a failure that is not JSON: ${cause.message}`, { cause });
  }
}

/** One of nova's own exceptions, by its class name. */
export function novaError(className: string, message: string, kwargs: JsonObject = {}): RemoteError {
  return new RemoteError({ className, module: NOVA_EXCEPTIONS, message, args: [message], kwargs });
}

/** One of Python's own, which parents on Python 2 rebuild. */
export function builtinError(className: string, message: string): RemoteError {
  return new RemoteError({ className, module: BUILTIN_EXCEPTIONS, message, args: [message], kwargs: {} });
}

export function cellRoutingInconsistency(reason: string): RemoteError {
  return novaError('CellRoutingInconsistency', `Inconsistency in cell routing: ${reason}`, { reason, code: 500 });
}

export function cellMaxHopCountReached(hopCount: number): RemoteError {
  return novaError('CellMaxHopCountReached', `Cell message has reached maximum hop count: ${hopCount}`, {
    hop_count: hopCount,
    code: 500,
  });
}
