import type { Release } from './release.js';

/** `per-call`: the message's `need_response` says. */
export type AnswerRule = boolean | 'per-call';

/**
 * One row of the protocol: name, message type, first and last release, answer, arguments. An argument reads
 * `name:kind`, with `?` where null is allowed and `@release` for one that came later and has a default.
 */
export type MethodRow = readonly [
  name: string,
  type: 'targeted' | 'broadcast' | 'response' | 'broadcast+',
  since: Release,
  until: Release,
  answer: AnswerRule,
  args: string,
];

const INSTANCE = 'instance:instance';
const TASK_LOG = 'task_name:string period_beginning:string period_ending:string host:string? state:string?';

/** Parent to child. `broadcast+`: further arguments do no harm. */
export const DOWN_METHODS: readonly MethodRow[] = [
  ['announce_capabilities', 'targeted', 'grizzly', 'rocky', false, ''],
  ['announce_capacities', 'targeted', 'grizzly', 'rocky', false, ''],
  ['schedule_run_instance', 'targeted', 'grizzly', 'icehouse', false, 'host_sched_kwargs:object'],
  ['build_instances', 'targeted', 'havana', 'rocky', false, 'build_inst_kwargs:object'],
  ['run_compute_api_method', 'targeted', 'grizzly', 'rocky', 'per-call', 'method_info:object'],
  ['service_get_by_compute_host', 'targeted', 'grizzly', 'rocky', true, 'host_name:string'],
  ['service_update', 'targeted', 'havana', 'kilo', true, 'host_name:string binary:string params_to_update:object'],
  ['service_delete', 'targeted', 'icehouse', 'kilo', true, 'service_id:id'],
  [
    'proxy_rpc_to_manager',
    'targeted',
    'grizzly',
    'rocky',
    'per-call',
    'host_name:string? topic:string rpc_message:object timeout:integer?',
  ],
  ['compute_node_get', 'targeted', 'grizzly', 'rocky', true, 'compute_id:id'],
  ['actions_get', 'targeted', 'grizzly', 'rocky', true, 'instance_uuid:uuid'],
  ['action_get_by_request_id', 'targeted', 'grizzly', 'rocky', true, 'instance_uuid:uuid request_id:string'],
  ['action_events_get', 'targeted', 'grizzly', 'rocky', true, 'action_id:integer'],
  ['validate_console_port', 'targeted', 'grizzly', 'rocky', true, 'instance_uuid:uuid console_port:id console_type:string'],
  ['get_migrations', 'targeted', 'havana', 'rocky', true, 'filters:object'],
  [
    'instance_update_from_api',
    'targeted',
    'havana',
    'rocky',
    false,
    `${INSTANCE} expected_vm_state:any? expected_task_state:any? admin_state_reset:boolean`,
  ],
  ['start_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['reboot_instance', 'targeted', 'havana', 'rocky', false, `${INSTANCE} reboot_type:string`],
  ['suspend_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['resume_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['pause_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['unpause_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['soft_delete_instance', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['revert_resize', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['confirm_resize', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['reset_network', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['inject_network_info', 'targeted', 'havana', 'rocky', false, INSTANCE],
  ['snapshot_instance', 'targeted', 'havana', 'rocky', false, `${INSTANCE} image_id:string`],
  ['backup_instance', 'targeted', 'havana', 'rocky', false, `${INSTANCE} image_id:string backup_type:string rotation:integer`],
  ['stop_instance', 'targeted', 'havana', 'rocky', 'per-call', `${INSTANCE} clean_shutdown:boolean@kilo`],
  ['terminate_instance', 'targeted', 'havana', 'rocky', false, `${INSTANCE} delete_type:string@liberty`],
  [
    'resize_instance',
    'targeted',
    'havana',
    'rocky',
    false,
    `${INSTANCE} flavor:object extra_instance_updates:object clean_shutdown:boolean@kilo`,
  ],
  [
    'live_migrate_instance',
    'targeted',
    'havana',
    'mitaka',
    false,
    `${INSTANCE} block_migration:boolean? disk_over_commit:boolean? host_name:string?`,
  ],
  [
    'rebuild_instance',
    'targeted',
    'icehouse',
    'rocky',
    false,
    `${INSTANCE} image_href:string admin_password:string? files_to_inject:array? preserve_ephemeral:boolean? kwargs:object`,
  ],
  ['set_admin_password', 'targeted', 'juno', 'rocky', false, `${INSTANCE} new_pass:string?`],
  ['get_host_uptime', 'targeted', 'havana', 'rocky', true, 'host_name:string'],
  ['task_log_get_all', 'targeted', 'grizzly', 'rocky', true, TASK_LOG],
  ['instance_delete_everywhere', 'broadcast+', 'grizzly', 'rocky', false, `${INSTANCE} delete_type:string`],
  ['sync_instances', 'broadcast+', 'grizzly', 'rocky', false, 'project_id:string? updated_since:string? deleted:boolean?'],
  ['service_get_all', 'broadcast', 'grizzly', 'rocky', true, 'filters:object?'],
  ['compute_node_get_all', 'broadcast', 'grizzly', 'rocky', true, 'hypervisor_match:string?'],
  ['compute_node_stats', 'broadcast', 'grizzly', 'rocky', true, ''],
  ['task_log_get_all', 'broadcast', 'grizzly', 'rocky', true, TASK_LOG],
  ['get_migrations', 'broadcast', 'havana', 'rocky', true, 'filters:object'],
  ['parse_responses', 'response', 'grizzly', 'rocky', false, 'orig_message:any? responses:array'],
];

/** Child to parent. */
export const UP_METHODS: readonly MethodRow[] = [
  ['update_capabilities', 'targeted', 'grizzly', 'rocky', false, 'cell_name:string capabilities:object'],
  ['update_capacities', 'targeted', 'grizzly', 'rocky', false, 'cell_name:string capacities:object'],
  ['parse_responses', 'response', 'grizzly', 'rocky', false, 'orig_message:any? responses:array'],
  ['instance_update_at_top', 'broadcast+', 'grizzly', 'rocky', false, INSTANCE],
  ['instance_destroy_at_top', 'broadcast+', 'grizzly', 'rocky', false, INSTANCE],
  ['instance_fault_create_at_top', 'broadcast+', 'grizzly', 'rocky', false, 'instance_fault:object'],
  ['bw_usage_update_at_top', 'broadcast+', 'grizzly', 'rocky', false, 'bw_update_info:object'],
  ['consoleauth_delete_tokens', 'broadcast', 'grizzly', 'rocky', false, 'instance_uuid:uuid'],
  ['bdm_update_or_create_at_top', 'broadcast+', 'havana', 'rocky', false, 'bdm:object create:boolean?'],
  ['bdm_destroy_at_top', 'broadcast+', 'havana', 'rocky', false, 'instance_uuid:uuid device_name:string? volume_id:string?'],
  ['get_keypair_at_top', 'broadcast', 'liberty', 'rocky', true, 'user_id:string name:string'],
];

/** These two travel by fanout from a child, as does every response on its last hop. */
export const FANOUT_METHODS: ReadonlySet<string> = new Set(['update_capabilities', 'update_capacities']);

/** Compute API method, first and last release, answer, positional arguments after the uuid, keyword arguments. */
export type ComputeApiRow = readonly [
  name: string,
  since: Release,
  until: Release,
  answer: AnswerRule,
  positional: string,
  keywords: string,
];

/** What arrives through `run_compute_api_method`; where a method changed, a row per form. */
export const COMPUTE_API_METHODS: readonly ComputeApiRow[] = [
  ['update', 'grizzly', 'icehouse', false, '', '*'],
  ['delete', 'grizzly', 'grizzly', false, '', ''],
  ['soft_delete', 'grizzly', 'grizzly', false, '', ''],
  ['force_delete', 'grizzly', 'kilo', false, '', ''],
  ['restore', 'grizzly', 'rocky', false, '', ''],
  ['start', 'grizzly', 'grizzly', false, '', ''],
  ['stop', 'grizzly', 'grizzly', 'per-call', '', 'do_cast'],
  ['reboot', 'grizzly', 'grizzly', false, 'reboot_type', ''],
  ['pause', 'grizzly', 'grizzly', false, '', ''],
  ['unpause', 'grizzly', 'grizzly', false, '', ''],
  ['suspend', 'grizzly', 'grizzly', false, '', ''],
  ['resume', 'grizzly', 'grizzly', false, '', ''],
  ['rescue', 'grizzly', 'icehouse', false, '', 'rescue_password'],
  ['rescue', 'juno', 'juno', false, '', 'rescue_password rescue_image_ref'],
  ['rescue', 'kilo', 'rocky', false, '', 'rescue_password rescue_image_ref clean_shutdown'],
  ['unrescue', 'grizzly', 'rocky', false, '', ''],
  ['resize', 'grizzly', 'grizzly', false, '', 'flavor_id auto_disk_config'],
  ['confirm_resize', 'grizzly', 'grizzly', false, '', ''],
  ['revert_resize', 'grizzly', 'grizzly', false, '', ''],
  ['rebuild', 'grizzly', 'havana', false, 'image_href admin_password', '*'],
  ['evacuate', 'grizzly', 'mitaka', false, 'host on_shared_storage admin_password', ''],
  ['evacuate', 'newton', 'rocky', false, 'host on_shared_storage admin_password force', ''],
  ['snapshot', 'grizzly', 'grizzly', false, 'name', 'extra_properties image_id'],
  ['backup', 'grizzly', 'grizzly', false, 'name', 'backup_type rotation extra_properties image_id'],
  ['set_admin_password', 'grizzly', 'icehouse', false, '', 'password'],
  ['inject_file', 'grizzly', 'havana', false, 'path file_contents', ''],
  ['add_fixed_ip', 'grizzly', 'rocky', false, 'network_id', ''],
  ['remove_fixed_ip', 'grizzly', 'rocky', false, 'address', ''],
  ['associate_floating_ip', 'grizzly', 'rocky', false, 'address', ''],
  ['get_diagnostics', 'grizzly', 'rocky', true, '', ''],
  ['get_instance_diagnostics', 'juno', 'rocky', true, '', ''],
  ['get_vnc_connect_info', 'grizzly', 'rocky', true, 'console_type', ''],
  ['get_spice_connect_info', 'grizzly', 'rocky', true, 'console_type', ''],
  ['get_rdp_connect_info', 'icehouse', 'rocky', true, 'console_type', ''],
  ['get_serial_console_connect_info', 'juno', 'rocky', true, 'console_type', ''],
  ['get_console_output', 'grizzly', 'rocky', true, 'tail_length', ''],
  ['lock', 'grizzly', 'icehouse', false, '', ''],
  ['unlock', 'grizzly', 'icehouse', false, '', ''],
  ['reset_network', 'grizzly', 'grizzly', false, '', ''],
  ['inject_network_info', 'grizzly', 'grizzly', false, '', ''],
  ['attach_volume', 'grizzly', 'grizzly', false, 'volume_id device', ''],
  ['attach_volume', 'havana', 'havana', true, 'volume_id device', ''],
  ['attach_volume', 'icehouse', 'rocky', true, 'volume_id device disk_bus device_type', ''],
  ['detach_volume', 'grizzly', 'grizzly', false, 'volume_id', ''],
  ['detach_volume', 'havana', 'rocky', false, 'volume', ''],
  ['delete_instance_metadata', 'grizzly', 'rocky', false, 'key', ''],
  ['update_instance_metadata', 'grizzly', 'rocky', false, 'metadata', 'delete'],
  ['shelve', 'havana', 'juno', false, '', ''],
  ['shelve', 'kilo', 'rocky', false, '', 'clean_shutdown'],
  ['shelve_offload', 'havana', 'juno', false, '', ''],
  ['shelve_offload', 'kilo', 'rocky', false, '', 'clean_shutdown'],
  ['unshelve', 'havana', 'rocky', false, '', ''],
];
