import { type Database, utcNow } from '../database.js';
import type { Store } from '../store.js';

/** A cache of what the parent told: the parent owns key pairs. */
export function keyPairs(db: Database): Store['keyPairs'] {
  return {
    async find(userId, name) {
      const row = await db
        .selectFrom('key_pairs')
        .select('public_key as publicKey')
        .where('user_id', '=', userId)
        .where('name', '=', name)
        .where('deleted', '=', 0)
        .executeTakeFirst();
      return row ?? null;
    },

    async remember(userId, name, publicKey) {
      await db
        .insertInto('key_pairs')
        .values({ user_id: userId, name, public_key: publicKey, fingerprint: null, updated_at: null, deleted_at: null })
        .onConflict((conflict) =>
          conflict.columns(['user_id', 'name', 'deleted']).doUpdateSet({ public_key: publicKey, updated_at: utcNow }),
        )
        .execute();
    },
  };
}
