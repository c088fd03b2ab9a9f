import type * as store from '@burstcell/store';
import type * as wire from '@burstcell/wire';

/** Rows of ours always have it; the column is nullable because nova's is. */
const EPOCH = new Date(0);
const MIGRATION_TYPES = ['migration', 'resize', 'live-migration', 'evacuation'] as const;

export function serviceRow(row: store.ServiceRow): wire.ServiceRow {
  return { ...row, created_at: row.created_at ?? EPOCH };
}

export function computeNodeRow(row: store.ComputeNodeRow): wire.ComputeNodeRow {
  return { ...row, created_at: row.created_at ?? EPOCH, service_id: row.service_id ?? 0 };
}

export function actionRow(row: store.ActionRow): wire.ActionRow {
  return { ...row, created_at: row.created_at ?? EPOCH };
}

export function actionEventRow(row: store.ActionEventRow): wire.ActionEventRow {
  return { ...row, created_at: row.created_at ?? EPOCH };
}

export function taskLogRow(row: store.TaskLogRow): wire.TaskLogRow {
  return { ...row, created_at: row.created_at ?? EPOCH };
}

export function migrationRow(row: store.MigrationRow): wire.MigrationRow {
  return { ...row, created_at: row.created_at ?? EPOCH, migration_type: migrationType(row.migration_type) };
}

function migrationType(type: string | null): wire.MigrationRow['migration_type'] {
  return MIGRATION_TYPES.find((each) => each === type) ?? 'migration';
}
