import { type Database, utcNow } from '../database.js';
import { StoreError } from '../errors.js';
import type { CellRow } from '../rows.js';
import type { Store } from '../store.js';

const CELL = ['id', 'name', 'api_url', 'transport_url', 'weight_offset', 'weight_scale', 'is_parent'] as const;

export function cells(db: Database): Store['cells'] {
  return {
    list: () => db.selectFrom('cells').select(CELL).where('deleted', '=', 0).orderBy('id').execute(),

    async create(cell) {
      const row = await db
        .insertInto('cells')
        .values({ ...columnsOf(cell), updated_at: null, deleted_at: null })
        .onConflict((conflict) => conflict.columns(['name', 'deleted']).doNothing())
        .returning(CELL)
        .executeTakeFirst();
      if (row === undefined) throw new StoreError('exists', `a cell named ${cell.name} exists already`);
      return row;
    },

    async delete(name) {
      const { numUpdatedRows } = await db
        .updateTable('cells')
        .set((eb) => ({ deleted: eb.ref('id'), deleted_at: utcNow }))
        .where('name', '=', name)
        .where('deleted', '=', 0)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

/** Only what belongs into the row. */
function columnsOf({ name, api_url, transport_url, weight_offset, weight_scale, is_parent }: Omit<CellRow, 'id'>) {
  return { name, api_url, transport_url, weight_offset, weight_scale, is_parent };
}
