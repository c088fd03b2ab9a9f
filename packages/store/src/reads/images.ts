import type { Database } from '../database.js';
import type { ImageRow } from '../rows.js';
import type { Store } from '../store.js';

export function images(db: Database): Store['images'] {
  return {
    async find(imageId) {
      const row = await live(db).where('image_id', '=', imageId).executeTakeFirst();
      return row === undefined ? null : imageRow(row);
    },

    async of(instanceUuid, { kind, backupType } = {}) {
      let query = live(db).where('instance_uuid', '=', instanceUuid);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (backupType !== undefined) query = query.where('backup_type', '=', backupType);
      return (await query.orderBy('id', 'desc').execute()).map(imageRow);
    },
  };
}

const COLUMNS = ['image_id', 'instance_uuid', 'provider_image_id', 'name', 'kind', 'backup_type', 'created_at'] as const;

/** Rows of ours always have it; the column is nullable because nova's is. */
const EPOCH = new Date(0);

function live(db: Database) {
  return db.selectFrom('images').select(COLUMNS).where('deleted', '=', 0);
}

type Row = Awaited<ReturnType<ReturnType<typeof live>['executeTakeFirstOrThrow']>>;

function imageRow(row: Row): ImageRow {
  return {
    imageId: row.image_id,
    instanceUuid: row.instance_uuid,
    providerImageId: row.provider_image_id,
    name: row.name,
    kind: row.kind,
    backupType: row.backup_type,
    createdAt: row.created_at ?? EPOCH,
  };
}
