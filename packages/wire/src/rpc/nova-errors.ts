import { builtinError, novaError, type RemoteError } from './remote-error.js';

/**
 * nova's exceptions that a child raises, with the format parameters and codes of nova/exception.py. Every class
 * exists in all twelve releases unless its comment says otherwise.
 */
export const nova = {
  instanceNotFound: (uuid: string): RemoteError =>
    novaError('InstanceNotFound', `Instance ${uuid} could not be found.`, { instance_id: uuid, code: 404 }),

  instanceNotReady: (uuid: string): RemoteError =>
    novaError('InstanceNotReady', `Instance ${uuid} is not ready`, { instance_id: uuid, code: 400 }),

  instanceInvalidState: (facts: { uuid: string; attr: string; state: string; method: string }): RemoteError =>
    novaError(
      'InstanceInvalidState',
      `Instance ${facts.uuid} in ${facts.attr} ${facts.state}. Cannot ${facts.method} while the instance is in this state.`,
      { instance_uuid: facts.uuid, attr: facts.attr, state: facts.state, method: facts.method, code: 400 },
    ),

  computeHostNotFound: (host: string): RemoteError =>
    novaError('ComputeHostNotFound', `Compute host ${host} could not be found.`, { host, code: 404 }),

  hostBinaryNotFound: (host: string, binary: string): RemoteError =>
    novaError('HostBinaryNotFound', `Could not find binary ${binary} on host ${host}.`, { host, binary, code: 404 }),

  serviceNotFound: (serviceId: string): RemoteError =>
    novaError('ServiceNotFound', `Service ${serviceId} could not be found.`, { service_id: serviceId, code: 404 }),

  serviceUnavailable: (message = 'Service is unavailable at this time.'): RemoteError =>
    novaError('ServiceUnavailable', message, { code: 503 }),

  consoleTypeInvalid: (type: string): RemoteError =>
    novaError('ConsoleTypeInvalid', `Invalid console type ${type}`, { console_type: type, code: 400 }),

  /** `others` are there instead. From Icehouse on; Havana and Grizzly parents know {@link nova.consoleTypeInvalid} only. */
  consoleTypeUnavailable: (type: string, others: readonly string[] = []): RemoteError =>
    novaError(
      'ConsoleTypeUnavailable',
      `Unavailable console type ${type}.${others.length === 0 ? '' : ` This server has: ${others.join(', ')}.`}`,
      { console_type: type, code: 400 },
    ),

  cellServiceApiMethodNotFound: (method: string): RemoteError =>
    novaError('CellServiceAPIMethodNotFound', `Unknown method '${method}' in compute API.`, { detail: method, code: 404 }),

  noValidHost: (reason: string): RemoteError =>
    novaError('NoValidHost', `No valid host was found. ${reason}`, { reason, code: 500 }),

  /** HTTP 501 at the views that expect it. A parent on Python 3 cannot rebuild it and answers 500. */
  notImplemented: (message = ''): RemoteError => builtinError('NotImplementedError', message),

  /** What a real cell answers to a method it does not have. */
  unknownMethod: (method: string): RemoteError =>
    builtinError('AttributeError', `'_TargetedMessageMethods' object has no attribute '${method}'`),
};

/** Why a provider or the cell refused; the parent's API turns the class into a status. */
export type RefusalKind =
  | 'capacity'
  | 'quota'
  | 'unavailable'
  | 'unauthorized'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'unsupported';

/** Classes that exist in every release from Grizzly to Rocky. */
const REFUSALS: Readonly<Record<RefusalKind, { readonly className: string; readonly code: number }>> = {
  capacity: { className: 'NoValidHost', code: 500 },
  quota: { className: 'OverQuota', code: 413 },
  unavailable: { className: 'ServiceUnavailable', code: 503 },
  unauthorized: { className: 'NoValidHost', code: 500 },
  'not-found': { className: 'InstanceNotFound', code: 404 },
  conflict: { className: 'InstanceInvalidState', code: 409 },
  invalid: { className: 'InvalidInput', code: 400 },
  unsupported: { className: 'InstanceInvalidState', code: 409 },
};

/** A refusal as the answer to a call; `message` is what the user reads. */
export function refusal(kind: RefusalKind, message: string): RemoteError {
  const { className, code } = REFUSALS[kind];
  return novaError(className, message, { code });
}
