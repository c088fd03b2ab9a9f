/** Rows as the store keeps them under nova's column names; times as Date. */
export interface ServiceRow {
  readonly id: number;
  readonly uuid: string;
  readonly host: string;
  readonly binary: string;
  readonly topic: string;
  readonly report_count: number;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
  /** When the service was last alive; the parent calls it down 60 s later. */
  readonly last_seen_up: Date | null;
  readonly forced_down?: boolean;
  readonly version?: number;
}

export interface ComputeNodeRow {
  readonly id: number;
  readonly uuid: string;
  readonly host: string;
  readonly hypervisor_hostname: string;
  readonly hypervisor_type: string;
  readonly hypervisor_version: number;
  readonly vcpus: number;
  readonly vcpus_used: number;
  readonly memory_mb: number;
  readonly memory_mb_used: number;
  readonly local_gb: number;
  readonly local_gb_used: number;
  readonly free_ram_mb: number;
  readonly free_disk_gb: number;
  readonly current_workload: number;
  readonly running_vms: number;
  /** JSON text. */
  readonly cpu_info: string;
  readonly disk_available_least: number | null;
  readonly host_ip: string | null;
  readonly service_id: number;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface ActionRow {
  readonly id: number;
  readonly action: string;
  readonly instance_uuid: string;
  readonly request_id: string | null;
  readonly user_id: string | null;
  readonly project_id: string | null;
  readonly start_time: Date | null;
  readonly finish_time: Date | null;
  readonly message: string | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface ActionEventRow {
  readonly id: number;
  readonly event: string;
  readonly action_id: number;
  readonly start_time: Date | null;
  readonly finish_time: Date | null;
  readonly result: string | null;
  readonly traceback: string | null;
  readonly host: string | null;
  readonly details: string | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface TaskLogRow {
  readonly id: number;
  readonly task_name: string;
  readonly state: string;
  readonly host: string;
  readonly period_beginning: Date;
  readonly period_ending: Date;
  readonly message: string;
  readonly task_items: number | null;
  readonly errors: number | null;
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface MigrationRow {
  readonly id: number;
  readonly uuid: string;
  readonly source_compute: string | null;
  readonly dest_compute: string | null;
  readonly source_node: string | null;
  readonly dest_node: string | null;
  readonly dest_host: string | null;
  readonly old_instance_type_id: number | null;
  readonly new_instance_type_id: number | null;
  readonly instance_uuid: string;
  readonly status: string;
  readonly migration_type: 'migration' | 'resize' | 'live-migration' | 'evacuation';
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface ConsoleConnection {
  readonly token: string;
  readonly access_url: string;
  readonly host: string;
  readonly port: number;
  readonly internal_access_path: string | null;
}
