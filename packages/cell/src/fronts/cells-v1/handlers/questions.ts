import { consoleAnswer, type JsonValue, nova, type RemoteError } from '@burstcell/wire';
import type { Asked, NoAnswer } from '../../../operations/ask-provider.js';
import { diagnosticsAnswer, plainDiagnostics } from '../translate/diagnostics.js';
import type { ComputeApiCall } from './compute-api.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova console-log`: a string; `tail_length` is its second positional argument (integer, text or null). */
export async function consoleLog({ uuid, args }: ComputeApiCall, _incoming: Incoming, { ask }: HandlerTools): Promise<Outcome> {
  return outcome(
    await ask.console(uuid),
    (text) => tail(text, args[0]),
    (reason) => failureOf(reason, uuid),
  );
}

/** `nova diagnostics`: free names and values. */
export async function diagnostics({ uuid }: ComputeApiCall, _incoming: Incoming, { ask }: HandlerTools): Promise<Outcome> {
  return outcome(await ask.diagnostics(uuid), plainDiagnostics, (reason) => failureOf(reason, uuid));
}

/** The same in nova's own shape: a dict from Juno on, a Diagnostics object from Pike on. */
export async function instanceDiagnostics({ uuid }: ComputeApiCall, _incoming: Incoming, tools: HandlerTools): Promise<Outcome> {
  const answer = await tools.ask.diagnostics(uuid);
  return outcome(
    answer,
    (value) => diagnosticsAnswer(tools.dialect, value),
    (reason) => failureOf(reason, uuid),
  );
}

/** `nova get-*-console`: the parent keeps the token and gives the URL to its user. */
export async function connectConsole(
  { uuid, args }: ComputeApiCall,
  _incoming: Incoming,
  { ask }: HandlerTools,
): Promise<Outcome> {
  const type = String(args[0]);
  const unavailable = (reason: NoAnswer) =>
    reason === 'unsupported' ? nova.consoleTypeUnavailable(type, ask.ownConsoleTypes) : failureOf(reason, uuid);
  const toWire = (connection: {
    token: string;
    accessUrl: string;
    host: string;
    port: number;
    internalAccessPath: string | null;
  }) =>
    consoleAnswer({
      token: connection.token,
      access_url: connection.accessUrl,
      host: connection.host,
      port: connection.port,
      internal_access_path: connection.internalAccessPath,
    });
  return outcome(await ask.connectConsole(uuid, type), toWire, unavailable);
}

/** A console proxy of the parent asks whether a token it was shown still stands; on any doubt it does not. */
export const validateConsolePort: Handler = {
  method: 'validate_console_port',
  types: ['targeted'],
  async handle({ args }: Incoming, { ask }: HandlerTools): Promise<Outcome> {
    const asked = await ask.validateConsole(String(args.instance_uuid), String(args.console_port), String(args.console_type));
    return { answer: typeof asked === 'object' && asked.value };
  },
};

function outcome<T>(asked: Asked<T>, toWire: (value: T) => JsonValue, failure: (reason: NoAnswer) => RemoteError): Outcome {
  return typeof asked === 'object' ? { answer: toWire(asked.value) } : { failure: failure(asked) };
}

function failureOf(reason: NoAnswer, uuid: string): RemoteError {
  switch (reason) {
    case 'unknown':
      return nova.instanceNotFound(uuid);
    case 'not-ready':
      return nova.instanceNotReady(uuid);
    case 'unsupported':
      return nova.notImplemented();
    case 'away':
      return nova.serviceUnavailable('The cloud behind this cell does not answer now; try again.');
    default:
      return reason satisfies never;
  }
}

function tail(text: string, length: unknown): string {
  const lines = length === null || length === undefined ? Number.NaN : Number(length);
  if (!Number.isInteger(lines) || lines < 0) return text;
  return lines === 0 ? '' : text.split('\n').slice(-lines).join('\n');
}
