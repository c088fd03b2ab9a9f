export type StoreErrorKind =
  /** The schema is older than this program: run `burstcell db migrate`. */
  | 'schema-old'
  /** The schema is newer than this program: it must not run. */
  | 'schema-new'
  /** The name is taken. */
  | 'exists'
  /** The database could not be reached, or went away; repeat later. */
  | 'unavailable'
  /** A value the database cannot take (a NUL character, a number out of range). */
  | 'bad-value';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
