/**
 * Why something that came over the wire, or was about to go onto it, is refused.
 * `routing` is a message for a cell that cannot be reached from here; `forbidden` is a
 * message of ours that would harm the parent; the rest name the layer that did not parse.
 */
export type WireErrorKind =
  | 'bad-json'
  | 'bad-envelope'
  | 'bad-version'
  | 'bad-context'
  | 'bad-message'
  | 'unknown-method'
  | 'bad-arguments'
  | 'bad-object'
  | 'forbidden'
  | 'too-large'
  | 'routing';

/** The one error of this package for content; callers branch on `kind`, people read `message`. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly kind: WireErrorKind;

  constructor(kind: WireErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What went wrong between us and a broker. */
export type TransportErrorKind = 'closed' | 'timeout' | 'aborted' | 'exchange-mismatch' | 'no-exchange' | 'refused';

/** The one error of this package for brokers and connections. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;

  constructor(kind: TransportErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
