import { sql } from 'kysely';
import type { Database } from '../database.js';
import type { StrayRow } from '../rows.js';
import type { Store } from '../store.js';

export function strays(db: Database): Store['strays'] {
  return {
    async seen(machines) {
      if (machines.length > 0) await note(db, machines);
      return rows(db);
    },

    async mark(providerId, what) {
      const column = what === 'quarantined' ? 'quarantined_at' : 'ended_at';
      await db
        .updateTable('strays')
        .set({ [column]: sql`now()` })
        .where('provider_id', '=', providerId)
        .execute();
    },

    async forget(providerIds) {
      if (providerIds.length > 0) await db.deleteFrom('strays').where('provider_id', 'in', providerIds).execute();
    },

    list: () => rows(db),
  };
}

type Seen = Parameters<Store['strays']['seen']>[0];

async function note(db: Database, machines: Seen): Promise<void> {
  await db
    .insertInto('strays')
    .values(
      machines.map(({ providerId, zone, state, launchedAt }) => ({
        provider_id: providerId,
        zone,
        state,
        launched_at: launchedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('provider_id').doUpdateSet({
        state: sql`excluded.state`,
        last_seen_at: sql`now()`,
        sweeps: sql`strays.sweeps + 1`,
      }),
    )
    .execute();
}

async function rows(db: Database): Promise<readonly StrayRow[]> {
  const found = await db.selectFrom('strays').selectAll().orderBy('first_seen_at').execute();
  return found.map((row) => ({
    providerId: row.provider_id,
    zone: row.zone,
    state: row.state,
    launchedAt: row.launched_at,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    sweeps: row.sweeps,
    quarantinedAt: row.quarantined_at,
    endedAt: row.ended_at,
  }));
}
