import type { Json, JsonObject } from './json.js';

/** Columns of nova's `instances` that we write. Absent: left as it is. Names and meanings are nova's (Rocky). */
export interface InstanceColumns {
  readonly user_id?: string | null;
  readonly project_id?: string | null;
  readonly image_ref?: string | null;
  readonly kernel_id?: string | null;
  readonly ramdisk_id?: string | null;
  readonly hostname?: string | null;
  readonly launch_index?: number | null;
  readonly key_name?: string | null;
  readonly key_data?: string | null;
  readonly power_state?: number | null;
  readonly vm_state?: string | null;
  readonly task_state?: string | null;
  readonly memory_mb?: number | null;
  readonly vcpus?: number | null;
  readonly root_gb?: number | null;
  readonly ephemeral_gb?: number | null;
  readonly host?: string | null;
  readonly node?: string | null;
  readonly instance_type_id?: number | null;
  readonly user_data?: string | null;
  readonly reservation_id?: string | null;
  readonly launched_at?: Date | null;
  readonly terminated_at?: Date | null;
  readonly availability_zone?: string | null;
  readonly display_name?: string | null;
  readonly display_description?: string | null;
  readonly launched_on?: string | null;
  readonly locked?: boolean | null;
  readonly locked_by?: 'owner' | 'admin' | null;
  readonly os_type?: string | null;
  readonly architecture?: string | null;
  readonly vm_mode?: string | null;
  readonly root_device_name?: string | null;
  readonly default_ephemeral_device?: string | null;
  readonly default_swap_device?: string | null;
  readonly config_drive?: string | null;
  readonly access_ip_v4?: string | null;
  readonly access_ip_v6?: string | null;
  readonly auto_disk_config?: boolean | null;
  readonly progress?: number | null;
  readonly shutdown_terminate?: boolean | null;
  readonly disable_terminate?: boolean | null;
  readonly ephemeral_key_uuid?: string | null;
  readonly cleaned?: number | null;
}

/** A live or soft-deleted instance with what belongs to it, read in one go. Datetimes are UTC. */
export interface InstanceView extends Required<InstanceColumns> {
  readonly id: number;
  readonly uuid: string;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
  readonly deleted_at: Date | null;
  /** 0 while it lives, else its id. */
  readonly deleted: number;
  readonly network_info: readonly Json[];
  readonly flavor: JsonObject | null;
  readonly old_flavor: JsonObject | null;
  readonly new_flavor: JsonObject | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly system_metadata: Readonly<Record<string, string | null>>;
}

/** A live instance as a sweep sees it. */
export interface InstanceSummary {
  readonly id: number;
  readonly uuid: string;
  readonly host: string | null;
  readonly vm_state: string | null;
  readonly updated_at: Date | null;
}

/** Columns of nova's `block_device_mapping`. */
export interface NewBlockDevice {
  readonly device_name: string | null;
  readonly source_type: string | null;
  readonly destination_type: string | null;
  readonly device_type: string | null;
  readonly disk_bus: string | null;
  readonly guest_format: string | null;
  readonly boot_index: number | null;
  readonly image_id: string | null;
  readonly volume_id: string | null;
  readonly snapshot_id: string | null;
  readonly volume_size: number | null;
  readonly delete_on_termination: boolean;
  readonly no_device: boolean | null;
  readonly connection_info: string | null;
  readonly tag: string | null;
}

export interface BlockDeviceRow extends NewBlockDevice {
  readonly id: number;
  readonly uuid: string;
  readonly instance_uuid: string;
}

export interface OperationRow {
  readonly id: string;
  readonly instanceUuid: string;
  readonly verb: string;
  readonly parameters: JsonObject;
  readonly cause: string;
  readonly origin: JsonObject;
  /** Where it stands; null before its first step. */
  readonly step: string | null;
  /** What it wrote down for itself. */
  readonly memo: JsonObject;
  readonly attempt: number;
  readonly deadline: Date;
  readonly createdAt: Date;
  /** Somebody wants it to end (a delete came). */
  readonly cancelled: boolean;
  /** Names this holding of the operation; a newer one outranks it. */
  readonly fence: string;
}

export interface LaunchRow {
  readonly token: string;
  readonly members: readonly string[];
  readonly attempt: number;
  readonly offering: JsonObject;
  readonly parameters: JsonObject;
  readonly outcome: 'intended' | 'launched' | 'refused' | 'abandoned';
  readonly createdAt: Date;
}

export interface ProviderInstanceRow {
  readonly uuid: string;
  readonly providerId: string;
  readonly launchToken: string | null;
  readonly zone: string;
  readonly state: string;
  readonly observed: JsonObject;
  readonly observedAt: Date;
  readonly nextLookAt: Date | null;
  /** When the row was first written. */
  readonly createdAt: Date;
  /** It was taken in, not launched: `protected` ones are never ended by us. */
  readonly adopted: Adopted | null;
}

/** Whether a machine that was taken in may be ended with its instance. */
export type Adopted = 'protected' | 'deletable';

/** An image that was made of an instance. */
export interface ImageRow {
  /** Glance's. */
  readonly imageId: string;
  readonly instanceUuid: string;
  readonly providerImageId: string;
  readonly name: string;
  readonly kind: 'snapshot' | 'backup' | 'shelve';
  readonly backupType: string | null;
  readonly createdAt: Date;
}

/** An outbox entry that is due. */
export interface OutboxEntry {
  readonly id: string;
  readonly uuid: string | null;
  /** `state` and `gone` for reports, else the kind of the message. */
  readonly kind: string;
  readonly payload: JsonObject;
  /** Of a report: grows with every change. */
  readonly version: number;
  /** Of a report: how often this version was said. */
  readonly said: number;
  readonly createdAt: Date;
}

export interface ServiceRow {
  readonly id: number;
  readonly uuid: string;
  readonly host: string;
  readonly binary: string;
  readonly topic: string;
  readonly report_count: number;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly forced_down: boolean;
  readonly version: number;
  readonly last_seen_up: Date | null;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

export interface ComputeNodeRow {
  readonly id: number;
  readonly uuid: string;
  readonly service_id: number | null;
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
  readonly disk_available_least: number | null;
  readonly cpu_info: string;
  readonly host_ip: string | null;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

/** A host that the cell shows its parent: one nova-compute service and one compute node. */
export interface ComputeHost {
  readonly host: string;
  readonly zone: string;
  readonly hypervisorType: string;
  readonly hypervisorVersion: number;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly localGb: number;
  /** nova's number for what the service can do (nova/objects/service.py `SERVICE_VERSION`); absent: 0. */
  readonly serviceVersion?: number;
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
  readonly created_at: Date | null;
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
  readonly created_at: Date | null;
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
  readonly task_items: number;
  readonly errors: number;
  readonly created_at: Date | null;
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
  readonly migration_type: string | null;
  readonly hidden: boolean;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

/** Of nova's `bw_usage_cache`: traffic of one interface since the period began, in bytes. */
export interface BandwidthRow {
  readonly uuid: string;
  readonly mac: string;
  readonly start_period: Date;
  readonly bw_in: number;
  readonly bw_out: number;
  readonly last_ctr_in: number;
  readonly last_ctr_out: number;
  readonly last_refreshed: Date;
}

/** A neighbour in nova's `cells` table. */
export interface CellRow {
  readonly id: number;
  readonly name: string;
  readonly api_url: string | null;
  readonly transport_url: string;
  readonly weight_offset: number;
  readonly weight_scale: number;
  readonly is_parent: boolean;
}

/** A machine that carries this cell's mark and that no row knows. */
export interface StrayRow {
  readonly providerId: string;
  readonly zone: string;
  readonly state: string;
  readonly launchedAt: Date | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** How many sweeps have seen it. */
  readonly sweeps: number;
  readonly quarantinedAt: Date | null;
  readonly endedAt: Date | null;
}

/** What runs, summed: for capacity and statistics. */
export interface Usage {
  readonly host: string | null;
  readonly instances: number;
  readonly running: number;
  readonly building: number;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  readonly busy: number;
}
