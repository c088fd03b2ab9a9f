/**
 * All that the core knows about a failure.
 *
 * - `capacity`: no room here now; another offering may have some. Nothing was started.
 * - `quota`: an account limit; other offerings of this account are unlikely to help.
 * - `throttled`, `unavailable`: nothing is known about the effect; repeat the same call later.
 * - `unauthorized`: our credentials or the image's permissions; an operator must act.
 * - `not-found`: the named thing does not exist (believed late for young machines).
 * - `invalid`: the request can never work as it is.
 * - `conflict`: the thing is in a state that does not allow this, or the token is spent.
 * - `unsupported`: this vendor, type or image cannot do it.
 */
export type ProviderErrorKind =
  | 'capacity'
  | 'quota'
  | 'throttled'
  | 'unavailable'
  | 'unauthorized'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'unsupported';

/** What a not-found or invalid was about, where it matters to the user's answer. */
export type ProviderSubject =
  | 'instance'
  | 'image'
  | 'key-pair'
  | 'security-group'
  | 'network'
  | 'volume'
  | 'flavor'
  | 'user-data';

export interface ProviderErrorDetails {
  readonly cause?: unknown;
  readonly subject?: ProviderSubject;
  /** The vendor's own code, for logs. */
  readonly code?: string;
  /** One sentence for the tenant: no account, role or policy names; ≤ 200 characters. Defaults to the message. */
  readonly userMessage?: string;
  /** HTTP-like code of nova's fault: 400, 403, 404, 409, 413 or 503; never 500, which would hide its details from users. */
  readonly faultCode?: number;
  /** Earliest sensible repeat, in ms. */
  readonly retryAfterMs?: number;
}

const FAULT_CODES: Readonly<Record<ProviderErrorKind, number>> = {
  capacity: 503,
  quota: 413,
  throttled: 503,
  unavailable: 503,
  unauthorized: 503,
  'not-found': 404,
  invalid: 400,
  conflict: 409,
  unsupported: 400,
};

/** The only error a provider may reject with. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly subject: ProviderSubject | undefined;
  readonly code: string | undefined;
  readonly userMessage: string;
  readonly faultCode: number;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    details: ProviderErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.subject = details.subject;
    this.code = details.code;
    this.userMessage = details.userMessage ?? message;
    this.faultCode = details.faultCode ?? FAULT_CODES[kind];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The kind of any thrown value; what is not a {@link ProviderError} is a fault of ours or of the network: `unavailable`. */
export function kindOf(error: unknown): ProviderErrorKind {
  return error instanceof ProviderError ? error.kind : 'unavailable';
}

/** True when the same call may simply be made again later: its effect is unknown or it never began. */
export function isRepeatable(error: unknown): boolean {
  const kind = kindOf(error);
  return kind === 'throttled' || kind === 'unavailable';
}
