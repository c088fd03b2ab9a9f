import { ProviderError, type ProviderErrorKind } from '@burstcell/provider';

/** nova's `instance_faults.message` holds 255 characters (nova/db/sqlalchemy/models.py). */
export const FAULT_MESSAGE_LENGTH = 255;

/** The provider's kinds, and two of our own: the instance's `state` forbids the verb, or it came too `late`. */
export type FailureKind = ProviderErrorKind | 'state' | 'late';

/**
 * Why a verb did not come to its end, in words for the user.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** nova's fault code; never 500. */
    readonly code: number,
    /** For operators; the API shows it to the instance's owner too. */
    readonly details: string = message,
    options?: ErrorOptions,
  ) {
    super(message.slice(0, FAULT_MESSAGE_LENGTH), options);
  }
}

export function refusedInState(verb: string, vmState: string | null, taskState: string | null): Failure {
  const where = taskState === null ? `it is ${vmState}` : `it is ${vmState} (${taskState})`;
  return new Failure('state', `Cannot ${verb} the instance while ${where}.`, 409);
}

export function unsupportedVerb(verb: string, provider: string): Failure {
  return new Failure('unsupported', `${verb} is not available in this cell (${provider}). The instance is as it was.`, 400);
}

export function protectedMachine(verb: string): Failure {
  const why = 'its machine was adopted and is protected from being ended';
  return new Failure('unsupported', `${verb} is refused: ${why}. The instance is as it was.`, 409);
}

export function observedOnly(verb: string): Failure {
  return new Failure('unsupported', `${verb} is refused: this cell only observes for now and changes no machine.`, 409);
}

export function timeIsUp(verb: string, last: string | null): Failure {
  const why = last === null ? '' : ` Last answer: ${last}`;
  return new Failure('late', `${verb} did not finish in its time.${why}`, 503);
}

/** Any thrown value as a failure; a fault of ours shows nothing of its inside to users. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ProviderError) {
    return new Failure(error.kind, error.userMessage, error.faultCode, error.userMessage, { cause: error });
  }
  return new Failure('unavailable', 'The cell met an unexpected error; an operator finds it in the log.', 503, undefined, {
    cause: error,
  });
}
