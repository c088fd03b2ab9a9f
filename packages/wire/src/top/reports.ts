import type { JsonObject } from '../json/json.js';

/** A flavor with the parent's own row id. */
export interface FlavorReport {
  readonly id: number;
  readonly name: string;
  readonly flavorid: string;
  readonly memory_mb: number;
  readonly vcpus: number;
  readonly root_gb: number;
  readonly ephemeral_gb: number;
  readonly swap: number;
  readonly rxtx_factor: number;
  readonly vcpu_weight: number | null;
  readonly disabled?: boolean;
  readonly is_public?: boolean;
  readonly extra_specs?: Readonly<Record<string, string>>;
  readonly description?: string | null;
}

/**
 * What the parent is to show of an instance, under nova's column names. What is absent is not reported; what is
 * null is set to null.
 */
export interface InstanceReport {
  readonly uuid: string;
  /** Our own row's id. From Liberty on it travels so that a late report can never create a row at the parent. */
  readonly id: number;
  readonly vm_state: string;
  readonly task_state?: string | null;
  readonly power_state?: number | null;
  readonly progress?: number;
  readonly host?: string | null;
  readonly node?: string | null;
  readonly launched_at?: Date | null;
  readonly terminated_at?: Date | null;
  readonly launched_on?: string | null;
  readonly availability_zone?: string | null;
  readonly root_device_name?: string | null;
  readonly access_ip_v4?: string | null;
  readonly access_ip_v6?: string | null;
  readonly hostname?: string | null;
  readonly display_name?: string | null;
  readonly image_ref?: string | null;
  readonly instance_type_id?: number;
  readonly memory_mb?: number;
  readonly vcpus?: number;
  readonly root_gb?: number;
  readonly ephemeral_gb?: number;
  readonly locked?: boolean;
  readonly locked_by?: string | null;
  /** The complete set or nothing: what is not in it is deleted at the parent. */
  readonly system_metadata?: Readonly<Record<string, string | null>>;
  /** The complete list of network interfaces; an empty list means none. */
  readonly network_info?: readonly JsonObject[];
  /** All three or none; dropped where the release cannot carry them. */
  readonly flavor?: FlavorReport;
  readonly old_flavor?: FlavorReport | null;
  readonly new_flavor?: FlavorReport | null;
}

/** What must be known besides to make the parent create a row: complete, or its listings break. */
export interface AdoptionReport extends InstanceReport {
  readonly project_id: string;
  readonly user_id: string;
  readonly host: string;
  readonly launched_at: Date;
  readonly display_name: string;
  readonly instance_type_id: number;
  readonly memory_mb: number;
  readonly vcpus: number;
  readonly network_info: readonly JsonObject[];
  readonly flavor: FlavorReport;
  readonly created_at?: Date;
  readonly reservation_id?: string;
  /** Rocky and its like take three messages; until the last the row stays under a project that nobody uses. */
  readonly holdingProjectId: string;
}

/** An adopted server as it is reported from then on; its names are the parent's once it has them. */
export type AdoptedReport = InstanceReport &
  Pick<AdoptionReport, 'project_id' | 'user_id' | 'instance_type_id' | 'memory_mb' | 'vcpus' | 'network_info' | 'flavor'>;

export interface FaultReport {
  readonly instance_uuid: string;
  /** HTTP-like; never 500, whose details a user does not see. */
  readonly code: number;
  readonly message: string;
  readonly details?: string;
  readonly host: string | null;
}

/** Columns of block_device_mapping; `device_name` must be known, or every report makes a new row. */
export interface BdmReport {
  readonly instance_uuid: string;
  readonly device_name: string;
  readonly volume_id: string | null;
  readonly source_type: 'blank' | 'image' | 'snapshot' | 'volume';
  readonly destination_type: 'local' | 'volume';
  readonly image_id?: string | null;
  readonly snapshot_id?: string | null;
  readonly volume_size?: number | null;
  readonly boot_index?: number | null;
  readonly delete_on_termination?: boolean;
  readonly device_type?: string | null;
  readonly disk_bus?: string | null;
  readonly guest_format?: string | null;
  readonly no_device?: boolean;
  readonly connection_info?: string | null;
  /** Queens on. */
  readonly uuid?: string;
}

/** Counters of one interface in one period. */
export interface BandwidthReport {
  readonly uuid: string;
  readonly mac: string;
  readonly start_period: Date;
  readonly bw_in: number;
  readonly bw_out: number;
  readonly last_ctr_in: number;
  readonly last_ctr_out: number;
  readonly last_refreshed: Date;
}

/** A method to be sent up, with its arguments in wire form. */
export interface UpCall {
  readonly methodName: string;
  readonly methodKwargs: JsonObject;
}
