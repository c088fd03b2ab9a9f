import type { ColumnType, Generated } from 'kysely';

/** Columns nova's tables share: soft delete and times in UTC. */
interface SoftDelete {
  id: Generated<number>;
  created_at: Generated<Date | null>;
  updated_at: Date | null;
  deleted_at: Date | null;
  deleted: Generated<number>;
}

/** A column that a statement may leave to its default. */
type Optional<T> = ColumnType<T, T | undefined, T>;

export interface ServicesTable extends SoftDelete {
  uuid: string;
  host: string;
  binary: string;
  topic: string;
  report_count: Generated<number>;
  disabled: Generated<boolean>;
  disabled_reason: string | null;
  forced_down: Generated<boolean>;
  version: Generated<number>;
  last_seen_up: Date | null;
}

export interface StraysTable {
  provider_id: string;
  zone: string;
  state: string;
  launched_at: Date | null;
  first_seen_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  sweeps: Generated<number>;
  quarantined_at: Date | null;
  ended_at: Date | null;
}

export interface CellsTable extends SoftDelete {
  name: string;
  api_url: string | null;
  transport_url: string;
  weight_offset: number;
  weight_scale: number;
  is_parent: boolean;
}

export interface KeyPairsTable extends SoftDelete {
  name: string;
  user_id: string;
  fingerprint: string | null;
  public_key: string;
  type: Optional<'ssh' | 'x509'>;
}

export interface MigrationsTable extends SoftDelete {
  uuid: string;
  source_compute: string | null;
  dest_compute: string | null;
  source_node: string | null;
  dest_node: string | null;
  dest_host: string | null;
  old_instance_type_id: number | null;
  new_instance_type_id: number | null;
  instance_uuid: string;
  status: string;
  migration_type: string | null;
  hidden: Generated<boolean>;
}

export interface TaskLogTable extends SoftDelete {
  task_name: string;
  state: string;
  host: string;
  period_beginning: Date;
  period_ending: Date;
  message: string;
  task_items: Generated<number>;
  errors: Generated<number>;
}

export interface ActionsTable extends SoftDelete {
  action: string;
  instance_uuid: string;
  request_id: string | null;
  user_id: string | null;
  project_id: string | null;
  start_time: Date | null;
  finish_time: Date | null;
  message: string | null;
}

export interface ActionEventsTable extends SoftDelete {
  event: string;
  action_id: number;
  start_time: Date | null;
  finish_time: Date | null;
  result: string | null;
  traceback: string | null;
  host: string | null;
  details: string | null;
}

export interface BandwidthTable extends SoftDelete {
  uuid: string;
  mac: string;
  start_period: Date;
  last_refreshed: Date;
  /** 64 bits: the driver gives text. */
  bw_in: string;
  bw_out: string;
  last_ctr_in: string;
  last_ctr_out: string;
}

export interface ImagesTable extends SoftDelete {
  image_id: string;
  instance_uuid: string;
  provider_image_id: string;
  name: string;
  kind: 'snapshot' | 'backup' | 'shelve';
  backup_type: string | null;
}

export interface RejectedMessagesTable {
  id: Generated<string>;
  at: Generated<Date>;
  reason: string;
  detail: string;
  method: string | null;
  message_uuid: string | null;
  routing_key: string;
  body: string;
  body_bytes: string;
}

/** Tables that are read and written through kysely; those of the busy path have statements of their own. */
export interface Tables {
  services: ServicesTable;
  cells: CellsTable;
  key_pairs: KeyPairsTable;
  migrations: MigrationsTable;
  task_log: TaskLogTable;
  bw_usage_cache: BandwidthTable;
  images: ImagesTable;
  strays: StraysTable;
  instance_actions: ActionsTable;
  instance_actions_events: ActionEventsTable;
  rejected_messages: RejectedMessagesTable;
}
