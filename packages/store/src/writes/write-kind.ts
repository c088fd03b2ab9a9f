import type { Statement } from '../sql-statement.js';
import type { Write } from '../write.js';

export type WriteOf<K extends Write['write']> = Extract<Write, { readonly write: K }>;

/** What the statements of a batch need to know. */
export interface WriteContext {
  /** Least time between two reports of one instance, in ms. */
  readonly reportGapMs: number;
  /** Names this process in notifications. */
  readonly origin: string;
}

/**
 * How one kind of write is applied. `statements` turns many of them, of many units, into few statements; nothing
 * depends on what an earlier statement answered, so all of a batch's statements are sent in one go.
 */
export interface WriteKind<W extends Write = Write> {
  readonly kind: W['write'];
  /** What it touches (see `unit-keys.ts`): units that share a key are applied in their order, one transaction each. */
  readonly keys: (write: W) => readonly string[];
  /**
   * Two writes of one unit with the same mark go into statements of their own, in their order.
   * Absent: they may share a statement, rows keep the order given.
   */
  readonly mark?: (write: W) => string;
  /** The instance whose row is locked first, so that two replicas do not both insert what is missing. */
  readonly locksInstance?: (write: W) => string;
  /** Throws a `StoreError` of kind `bad-value` for what would otherwise be stored wrongly. */
  readonly check?: (write: W) => void;
  readonly statements: (writes: readonly W[], context: WriteContext) => readonly Statement[];
}

/** Names the kind's type once; the registry holds kinds of all writes. */
export function writeKind<W extends Write>(kind: WriteKind<W>): WriteKind {
  return kind as unknown as WriteKind;
}
