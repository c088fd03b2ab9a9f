import { type Database, utc } from '../database.js';
import type { Store } from '../store.js';

const COLUMNS = ['uuid', 'mac', 'start_period', 'bw_in', 'bw_out', 'last_ctr_in', 'last_ctr_out', 'last_refreshed'] as const;

export function bandwidth(db: Database): Store['bandwidth'] {
  return {
    async of(uuids, startPeriod) {
      if (uuids.length === 0) return [];
      const rows = await db
        .selectFrom('bw_usage_cache')
        .select(COLUMNS)
        .where('uuid', 'in', [...uuids])
        .where('start_period', '=', utc(startPeriod))
        .orderBy('uuid')
        .orderBy('mac')
        .execute();
      return rows.map((row) => ({
        ...row,
        bw_in: Number(row.bw_in),
        bw_out: Number(row.bw_out),
        last_ctr_in: Number(row.last_ctr_in),
        last_ctr_out: Number(row.last_ctr_out),
      }));
    },
  };
}
