export type { ApiDatabase } from './api-database.js';
export { openApiDatabase } from './api-database.js';
export type { StoreErrorKind } from './errors.js';
export { StoreError } from './errors.js';
export type { Json, JsonObject } from './json.js';
export type { MigrateOptions, SchemaStatus } from './migrate.js';
export { migrate, schemaStatus } from './migrate.js';
export { openStore } from './open-store.js';
export type * from './rows.js';
export type { Store, StoreOptions } from './store.js';
export type { CommitResult, Guard, Unit } from './unit.js';
export type {
  AddActionEvent,
  AddFault,
  AddTaskLog,
  EnqueueOperation,
  InsertInstance,
  Message,
  ObserveProviderInstance,
  PatchInstance,
  RecordImage,
  RecordLaunch,
  RecordMigration,
  Reject,
  Report,
  SetBandwidth,
  SetProviderInstance,
  StartAction,
  Write,
} from './write.js';
