import type { Database } from '../database.js';
import type { Store } from '../store.js';

export function rejected(db: Database): Store['rejected'] {
  return {
    async count() {
      const row = await db
        .selectFrom('rejected_messages')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    list: (limit) =>
      db
        .selectFrom('rejected_messages')
        .select(['id', 'at', 'reason', 'detail', 'method', 'body'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
  };
}
