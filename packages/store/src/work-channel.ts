import type { WorkSort } from './sql-statement.js';

/** The channel of NOTIFY; channels belong to one database. */
export const WORK_CHANNEL = 'burstcell_work';

/** What a notification says: the sort of work, and who committed it (who knows already). */
export function workPayload(sort: WorkSort, origin: string): string {
  return `${sort} ${origin}`;
}

export function parseWorkPayload(payload: string): { readonly sort: WorkSort; readonly origin: string } | null {
  const [sort, origin = ''] = payload.split(' ', 2);
  return sort === 'operations' || sort === 'outbox' ? { sort, origin } : null;
}
