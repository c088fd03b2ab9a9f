import { kindOf, ProviderError } from '@burstcell/provider';

/** RFC 6455, section 7.4.1, and the IANA registry of close codes. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  policyViolation: 1008,
  internalError: 1011,
  tryAgainLater: 1013,
} as const;

/** A console that is not opened: the code it is closed with, and what its user reads. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the client is told of whatever a console failed with. */
export function refusalOf(error: unknown): { readonly code: number; readonly message: string } {
  if (error instanceof Refusal) return error;
  if (!(error instanceof ProviderError))
    return { code: CloseCode.internalError, message: 'The console failed; try again later.' };
  const passes = ['conflict', 'unavailable', 'throttled'].includes(kindOf(error));
  return { code: passes ? CloseCode.tryAgainLater : CloseCode.internalError, message: error.userMessage };
}
