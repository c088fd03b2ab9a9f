import type pg from 'pg';
import type { ProviderInstanceRow } from '../rows.js';
import type { Store } from '../store.js';
import { nextDueMs } from './operations.js';
import { rowsOf } from './run-statement.js';

const SELECT = `select uuid, provider_id as "providerId", launch_token as "launchToken", zone, state, observed,
  observed_at as "observedAt", next_look_at as "nextLookAt", created_at as "createdAt", adopted
  from provider_instances`;

const OF = `${SELECT} where uuid = any($1::text[])`;
const BY_PROVIDER_IDS = `${SELECT} where provider_id = any($1::text[])`;
const DUE = `${SELECT} where next_look_at <= now() order by next_look_at limit $1`;
const ALL = `${SELECT} where uuid > $1 order by uuid limit $2`;
const NEXT_DUE = `select ceil(extract(epoch from min(next_look_at) - now()) * 1000)::double precision as ms
  from provider_instances where next_look_at is not null`;

export function providerInstances(pool: pg.Pool): Store['providerInstances'] {
  return {
    async of(uuids) {
      if (uuids.length === 0) return new Map();
      const rows = await rowsOf<ProviderInstanceRow>(pool, { name: 'provider-instances', text: OF, values: [uuids] });
      return new Map(rows.map((row) => [row.uuid, row]));
    },

    async byProviderIds(ids) {
      if (ids.length === 0) return new Map();
      const values = [ids];
      const rows = await rowsOf<ProviderInstanceRow>(pool, { name: 'by-provider-ids', text: BY_PROVIDER_IDS, values });
      return new Map(rows.map((row) => [row.providerId, row]));
    },

    due: (limit) => rowsOf<ProviderInstanceRow>(pool, { name: 'due-provider-instances', text: DUE, values: [limit] }),

    all: ({ after = '', limit }) =>
      rowsOf<ProviderInstanceRow>(pool, { name: 'all-provider-instances', text: ALL, values: [after, limit] }),

    nextDueMs: () => nextDueMs(pool, 'next-provider-instance', NEXT_DUE),
  };
}
