import {
  type ArgumentSpec,
  type ComputeApiMethodSpec,
  computeApiMethodsOf,
  type MethodSpec,
  methodOf,
} from '../dialects/methods.js';
import type { Release } from '../dialects/release.js';
import { WireError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.js';
import { dataOf } from '../objects/codec.js';
import { type InterCellMessage, isUuid } from './message.js';

export interface ComputeApiCall {
  readonly spec: ComputeApiMethodSpec;
  /** Positional arguments after the uuid. */
  readonly args: readonly JsonValue[];
  readonly kwargs: JsonObject;
}

/** What a received message asks for, judged against the release's tables. */
export interface Call {
  readonly spec: MethodSpec;
  readonly args: JsonObject;
  /** The instance it is about; null where it names none or several. */
  readonly instanceUuid: string | null;
  /** Present for `run_compute_api_method`. */
  readonly computeApi?: ComputeApiCall;
}

/**
 * Looks a message's method up and checks its arguments. A name off the wire only ever indexes these tables.
 * Throws WireError `unknown-method` or `bad-arguments`, naming method and argument.
 */
export function checkCall(release: Release, message: InterCellMessage): Call {
  const { methodName, methodKwargs } = message;
  const spec = methodOf(release, message.direction, message.messageType, methodName);
  if (spec === undefined) {
    throw new WireError(
      'unknown-method',
      `${release} knows no ${message.messageType} method ${methodName} that goes ${message.direction}`,
    );
  }
  for (const argument of spec.args) checkArgument(spec, argument, methodKwargs);
  if (!spec.extras) refuseOthers(spec, methodKwargs);
  const computeApi = methodName === 'run_compute_api_method' ? computeApiCall(release, methodKwargs) : null;
  if (computeApi !== null) return { spec, args: methodKwargs, instanceUuid: computeApi.uuid, computeApi: computeApi.call };
  return { spec, args: methodKwargs, instanceUuid: instanceUuidIn(methodKwargs) };
}

/** The uuid of an instance argument: an object's, or a dict's. Null where there is none. */
export function uuidOfInstance(value: JsonValue | undefined): string | null {
  if (!isJsonObject(value)) return null;
  const { uuid } = dataOf(value) ?? value;
  return isUuid(uuid) ? uuid : null;
}

function checkArgument(spec: MethodSpec, argument: ArgumentSpec, kwargs: JsonObject): void {
  const value = Object.hasOwn(kwargs, argument.name) ? kwargs[argument.name] : undefined;
  if (value === undefined) {
    if (argument.required) throw bad(spec, `${argument.name} is missing`);
    return;
  }
  if (value === null ? argument.nullable : isOfKind(argument, value)) return;
  throw bad(
    spec,
    `${argument.name} is not ${argument.kind === 'instance' ? 'an instance with a uuid' : `of kind ${argument.kind}`}`,
  );
}

function isOfKind({ kind }: ArgumentSpec, value: JsonValue): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return isInteger(value);
    case 'id':
      return typeof value === 'string' || isInteger(value);
    case 'uuid':
      return isUuid(value);
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'instance':
      return uuidOfInstance(value) !== null;
    default:
      return kind satisfies never;
  }
}

function isInteger(value: JsonValue): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

/** Python takes no keyword it does not know. */
function refuseOthers(spec: MethodSpec, kwargs: JsonObject): void {
  const other = Object.keys(kwargs).find((key) => !spec.args.some((argument) => argument.name === key));
  if (other !== undefined) throw bad(spec, `it takes no argument ${JSON.stringify(other)}`);
}

function computeApiCall(release: Release, kwargs: JsonObject): { uuid: string; call: ComputeApiCall } {
  const info = isJsonObject(kwargs.method_info) ? kwargs.method_info : {};
  const { method, method_args: args = [], method_kwargs: keywords = {} } = info;
  if (typeof method !== 'string') throw new WireError('bad-arguments', 'run_compute_api_method: method_info.method is no string');
  const spec = computeApiMethodsOf(release).get(method);
  if (spec === undefined) throw new WireError('unknown-method', `${release} knows no compute API method ${method} between cells`);
  const wrong = (what: string): WireError => new WireError('bad-arguments', `run_compute_api_method ${method}: ${what}`);
  if (!Array.isArray(args) || !isJsonObject(keywords)) throw wrong('method_args is no list or method_kwargs no object');
  const [uuid, ...rest] = args;
  if (!isUuid(uuid)) throw wrong('the first argument is no uuid');
  if (rest.length > spec.positional.length)
    throw wrong(`${rest.length} arguments after the uuid, at most ${spec.positional.length}`);
  return { uuid, call: { spec, args: rest, kwargs: keywords } };
}

function instanceUuidIn(kwargs: JsonObject): string | null {
  if (isUuid(kwargs.instance_uuid)) return kwargs.instance_uuid;
  return uuidOfInstance(kwargs.instance);
}

function bad(spec: MethodSpec, what: string): WireError {
  return new WireError('bad-arguments', `${spec.name}: ${what}`);
}
