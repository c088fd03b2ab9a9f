import { StoreError } from './errors.js';

/** What an error of the driver means for whoever ran the statement. */
export type Trouble =
  /** A value the database cannot take. */
  | 'bad-value'
  /** Another transaction was in the way; the same again may work. */
  | 'contention'
  /** The database is away, or went away: it is not known whether a commit took. */
  | 'unavailable'
  /** Follows an earlier error of the same transaction. */
  | 'aftermath'
  /** A fault of ours. */
  | 'bug';

/** SQLSTATE classes and codes (PostgreSQL, appendix A) by meaning; the longest match counts. */
const MEANINGS: Readonly<Record<string, Trouble>> = {
  '08': 'unavailable',
  '21': 'bad-value',
  '22': 'bad-value',
  '23': 'bad-value',
  '25006': 'unavailable', // read only: a standby
  '25P02': 'aftermath',
  '28': 'unavailable', // not let in
  '3D': 'unavailable', // no such database
  '40': 'contention',
  '53': 'unavailable',
  '54': 'bad-value',
  '55P03': 'contention',
  '57': 'unavailable',
  '58': 'unavailable',
  XX: 'unavailable',
};

/** Sorts an error thrown by the driver. Errors without an SQLSTATE come from the connection. */
export function troubleOf(error: unknown): Trouble {
  const code = sqlState(error);
  if (code === null) return error instanceof TypeError || error instanceof RangeError ? 'bad-value' : 'unavailable';
  return MEANINGS[code] ?? MEANINGS[code.slice(0, 2)] ?? 'bug';
}

/** The error as callers of the store know it; faults of ours pass as they are. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const trouble = troubleOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (trouble === 'bad-value') return new StoreError('bad-value', message, { cause: error });
  if (trouble === 'bug') return error;
  return new StoreError('unavailable', `the database is not available: ${message}`, { cause: error });
}

/** Runs `work` and gives its errors the store's form. */
export async function storeErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error);
  }
}

function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  const { code } = error;
  // Node's own codes (ECONNREFUSED, EPIPE …) are words; an SQLSTATE has five places.
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : null;
}
