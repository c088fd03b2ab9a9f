import { computeApiMethodsOf, type MessageType, methodOf, RELEASES, type Release } from '@burstcell/wire';
import { verbs } from '../../operations/verbs.js';
import { takesComputeApi } from './handlers/compute-api.js';
import { handlers } from './handlers/index.js';

/** How a verb of the nova CLI travels: as a method of its own, or inside run_compute_api_method. */
type Carrier = { readonly method: string; readonly type?: MessageType } | { readonly computeApi: string };

/** A verb as a user knows it, and what it is here. */
interface MatrixRow {
  readonly verb: string;
  readonly carriers: readonly Carrier[];
  /** A name of the verb table; absent: answered from rows, or recorded as it is. */
  readonly does?: string;
  /** Answered, but with a refusal: there is nothing behind it. */
  readonly refused?: boolean;
  /** Abilities of the provider that a question needs; a verb's own are in the verb table. */
  readonly needs?: readonly string[];
  /** First and last release whose parents send it, where that is less than the method's own life. */
  readonly from?: Release;
  readonly until?: Release;
  /** Releases in between whose parents fail before they send it. */
  readonly except?: readonly Release[];
  readonly note?: string;
}

/**
 * - `works`: comes to its end.
 * - `refused`: answered; the state is restored, with a fault and an action that say why.
 * - `never`: a parent of that release never sends it.
 * - `missing`: a parent sends it and nothing here takes it.
 */
export type Support = 'works' | 'refused' | 'never' | 'missing';

export interface MatrixLine {
  readonly verb: string;
  readonly releases: ReadonlyMap<Release, Support>;
  /** Without these abilities of the provider it is refused. */
  readonly needs: readonly string[];
  readonly note: string;
}

const own = (method: string): Carrier => ({ method });
const api = (computeApi: string): Carrier => ({ computeApi });
const broadcast = (method: string): Carrier => ({ method, type: 'broadcast' });

const IMPORTS = 'On EC2 with `[ec2] import_bucket`, an image without an AMI is imported first.';

const ROWS: readonly MatrixRow[] = [
  { verb: 'boot', carriers: [own('schedule_run_instance'), own('build_instances')], does: 'build' },
  {
    verb: 'boot --block-device source=volume|snapshot, bootindex=0',
    carriers: [own('schedule_run_instance'), own('build_instances')],
    does: 'build',
    needs: ['describeVolumes', 'bootFromVolume'],
    note: 'A snapshot, and a second disk of an image or snapshot, needs a cinder. Such a server is not rescued or rebuilt.',
  },
  { verb: 'delete', carriers: [own('terminate_instance'), api('delete')], does: 'delete' },
  { verb: 'force-delete', carriers: [own('terminate_instance'), api('force_delete')], does: 'delete' },
  { verb: 'delete before the cell is known', carriers: [broadcast('instance_delete_everywhere')], does: 'delete' },
  { verb: 'start', carriers: [own('start_instance'), api('start')], does: 'start' },
  { verb: 'stop', carriers: [own('stop_instance'), api('stop')], does: 'stop' },
  { verb: 'reboot', carriers: [own('reboot_instance'), api('reboot')], does: 'reboot-soft' },
  { verb: 'reboot --hard', carriers: [own('reboot_instance'), api('reboot')], does: 'reboot-hard' },
  { verb: 'lock, unlock', carriers: [own('instance_update_from_api'), api('lock')] },
  { verb: 'reset-state', carriers: [own('instance_update_from_api'), api('update')] },
  { verb: 'rename', carriers: [own('instance_update_from_api'), api('update')] },
  { verb: 'meta set', carriers: [api('update_instance_metadata')] },
  { verb: 'meta delete', carriers: [api('delete_instance_metadata')] },
  { verb: 'console-log', carriers: [api('get_console_output')], needs: ['consoleOutput'] },
  { verb: 'instance-action-list', carriers: [own('actions_get')] },
  { verb: 'instance-action', carriers: [own('action_get_by_request_id')] },
  {
    verb: 'service-list, host-list',
    carriers: [broadcast('service_get_all')],
    note: 'A Havana parent shows an empty list: it fails on any other.',
  },
  {
    verb: 'host-describe',
    carriers: [own('service_get_by_compute_host')],
    until: 'juno',
    note: 'Only a Grizzly parent can show the answer.',
  },
  {
    verb: 'service-enable, service-disable',
    carriers: [own('service_update')],
    note: 'Drains a zone. Liberty on, the parent refuses the host name.',
  },
  { verb: 'service-delete', carriers: [own('service_delete')] },
  { verb: 'hypervisor-list', carriers: [broadcast('compute_node_get_all')] },
  { verb: 'hypervisor-show', carriers: [own('compute_node_get')] },
  { verb: 'hypervisor-stats', carriers: [broadcast('compute_node_stats')] },
  { verb: 'hypervisor-uptime', carriers: [own('get_host_uptime')], refused: true },
  { verb: 'migration-list', carriers: [broadcast('get_migrations')], note: 'Queens on: below microversion 2.59.' },
  { verb: 'usage audit log', carriers: [broadcast('task_log_get_all')] },
  { verb: 'os-cells sync_instances', carriers: [broadcast('sync_instances')] },
  { verb: 'pause', carriers: [own('pause_instance'), api('pause')], does: 'pause' },
  { verb: 'unpause', carriers: [own('unpause_instance'), api('unpause')], does: 'unpause' },
  { verb: 'suspend', carriers: [own('suspend_instance'), api('suspend')], does: 'suspend' },
  { verb: 'resume', carriers: [own('resume_instance'), api('resume')], does: 'resume' },
  { verb: 'rescue', carriers: [api('rescue')], does: 'rescue', note: IMPORTS },
  { verb: 'unrescue', carriers: [api('unrescue')], does: 'unrescue' },
  { verb: 'resize, migrate', carriers: [own('resize_instance'), api('resize')], does: 'resize' },
  { verb: 'resize-confirm', carriers: [own('confirm_resize'), api('confirm_resize')], does: 'confirm-resize', except: ['kilo'] },
  { verb: 'resize-revert', carriers: [own('revert_resize'), api('revert_resize')], does: 'revert-resize', except: ['kilo'] },
  { verb: 'rebuild', carriers: [own('rebuild_instance'), api('rebuild')], does: 'rebuild', note: IMPORTS },
  { verb: 'image-create', carriers: [own('snapshot_instance'), api('snapshot')], does: 'snapshot' },
  { verb: 'backup', carriers: [own('backup_instance'), api('backup')], does: 'backup' },
  { verb: 'shelve', carriers: [api('shelve')], does: 'shelve' },
  { verb: 'shelve-offload', carriers: [api('shelve_offload')], does: 'shelve-offload' },
  { verb: 'unshelve', carriers: [api('unshelve')], does: 'unshelve' },
  {
    verb: 'delete (deferred)',
    carriers: [own('soft_delete_instance'), api('soft_delete')],
    does: 'soft-delete',
    note: 'With reclaim_instance_interval at the parent.',
  },
  { verb: 'restore', carriers: [api('restore')], does: 'restore' },
  { verb: 'set-password', carriers: [own('set_admin_password'), api('set_admin_password')], does: 'set-password' },
  { verb: 'diagnostics', carriers: [api('get_diagnostics')], needs: ['diagnostics'] },
  {
    verb: 'get-vnc-console',
    carriers: [api('get_vnc_connect_info')],
    needs: ['screenshot'],
    note: 'Type `novnc`, with `[console] listen`: a page with pictures of the screen, and the serial console where there is one.',
  },
  {
    verb: 'get-spice-console',
    carriers: [api('get_spice_connect_info')],
    needs: ['connectConsole'],
    note: 'Not by our gateway: on the simulator without `[console] listen` only.',
  },
  {
    verb: 'get-rdp-console',
    carriers: [api('get_rdp_connect_info')],
    needs: ['connectConsole'],
    note: 'Not by our gateway: on the simulator without `[console] listen` only.',
  },
  {
    verb: 'get-serial-console',
    carriers: [api('get_serial_console_connect_info')],
    needs: ['openSerial'],
    note: 'On EC2 with `[console] listen` and `[ec2] serial_console`.',
  },
  { verb: 'volume-attach', carriers: [api('attach_volume')], does: 'attach-volume' },
  { verb: 'volume-detach', carriers: [api('detach_volume')], does: 'detach-volume' },
  { verb: 'add-fixed-ip', carriers: [api('add_fixed_ip')], does: 'add-fixed-ip' },
  { verb: 'remove-fixed-ip', carriers: [api('remove_fixed_ip')], does: 'remove-fixed-ip' },
  { verb: 'reset-network', carriers: [own('reset_network'), api('reset_network')], does: 'reset-network' },
  {
    verb: 'live-migration',
    carriers: [own('live_migrate_instance')],
    does: 'live-migrate',
    note: 'Newton on, the parent fails before it sends the verb; we lift its task state.',
  },
  {
    verb: 'evacuate',
    carriers: [api('evacuate')],
    does: 'evacuate',
    from: 'liberty',
    note: 'Before Liberty it fails at the parent.',
  },
];

/** What a parent never asks a child, so that nobody looks for it here (nova/compute/cells_api.py). */
export const NEVER_ASKED: readonly string[] = [
  'interface-attach, interface-detach, interface-list',
  "add-secgroup, remove-secgroup, list-secgroup: with neutron the parent looks for the server's ports, of which servers here have none, and says 404; a group's rules can be changed at any time",
  'floating-ip-associate, floating-ip-disassociate and the rest of floating-ip-*: the parent asks its own network service, which knows nothing of EC2; elastic addresses come by `[ec2] elastic_address`',
  'volume-update (swap)',
  'trigger-crash-dump',
  'live-migration-abort, live-migration-force-complete',
  'host-update, host-action, maintenance',
  'aggregates, server groups, server tags, flavors, key pairs, quotas, usage, limits',
  'cell-show, cell-list, cell-capacities: from what we last sent up',
];

/** One line a verb, one entry a release, derived from the tables that the program runs on. */
export function verbMatrix(): readonly MatrixLine[] {
  return ROWS.map((row) => ({
    verb: row.verb,
    releases: new Map(RELEASES.map((release) => [release, supportOf(row, release)])),
    needs: row.needs ?? (row.does === undefined ? [] : (verbs.get(row.does)?.needs ?? [])),
    note: row.note ?? '',
  }));
}

function supportOf(row: MatrixRow, release: Release): Support {
  const sent = isSentBy(row, release) ? row.carriers.filter((carrier) => isSent(carrier, release)) : [];
  if (sent.length === 0) return 'never';
  if (!sent.every(isTaken)) return 'missing';
  return row.refused === true || (row.does !== undefined && verbs.get(row.does)?.isRefusal === true) ? 'refused' : 'works';
}

function isSentBy({ from = 'grizzly', until = 'rocky', except = [] }: MatrixRow, release: Release): boolean {
  const at = RELEASES.indexOf(release);
  return at >= RELEASES.indexOf(from) && at <= RELEASES.indexOf(until) && !except.includes(release);
}

function isSent(carrier: Carrier, release: Release): boolean {
  if ('computeApi' in carrier) return computeApiMethodsOf(release).has(carrier.computeApi);
  return methodOf(release, 'down', carrier.type ?? 'targeted', carrier.method) !== undefined;
}

function isTaken(carrier: Carrier): boolean {
  return 'computeApi' in carrier ? takesComputeApi(carrier.computeApi) : handlers.has(carrier.method);
}
