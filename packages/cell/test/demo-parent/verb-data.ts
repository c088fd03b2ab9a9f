import type { JsonObject } from './json.js';
import { RELEASES, type Release } from './releases.js';

/**
 * A verb of nova's API: what the parent's own checks ask of the row, what it writes before the message leaves,
 * and the message. From `compute/api.py` and `compute/cells_api.py` of each release.
 */
export interface Verb {
  readonly name: string;
  /** Its own targeted method; absent: always by `run_compute_api_method`. */
  readonly own?: { readonly method: string; readonly from: Release; readonly until?: Release };
  /** Name in the compute API. */
  readonly computeApi: string;
  /** vm_states it is allowed in; absent: any. */
  readonly vmStates?: readonly string[];
  /** Task states it is allowed in besides none; `any`: all. */
  readonly taskStates?: readonly string[] | 'any';
  /** The task state that the parent sets; null: none. */
  readonly task: string | null;
  readonly progress?: boolean;
  readonly needsHost?: boolean;
  /** Waits for an answer. */
  readonly call?: boolean;
  /** Nobody waits for an answer in these releases although the others do. */
  readonly castUntil?: Release;
  /** No `instance_update_from_api` before it. */
  readonly noSide?: boolean;
  /** Releases whose parent sends it, where that is not all: from the first to the last. */
  readonly sent?: readonly [first: Release, last: Release];
  /** Releases between whose parent ends the request by itself. */
  readonly unsent?: readonly Release[];
  /** Where a release sets another task state than `task`; null: none, and no side message. */
  readonly tasks?: Partial<Record<Release, string | null>>;
}

const FROM_HAVANA = ['havana', 'rocky'] as const;
/** Kilo cannot be told of the old flavor: confirm and revert are a 400 at the parent. */
const NO_MIGRATION: readonly Release[] = ['kilo'];
const TO_HAVANA = (task: string) => ({ grizzly: task, havana: task });

const OFF_STATES = ['active', 'stopped', 'paused', 'suspended'];
const HARD_STATES = [...OFF_STATES, 'error'];
const HARD_TASKS = ['rebooting', 'reboot_pending', 'reboot_started', 'resuming', 'unpausing', 'pausing', 'suspending'];

export const VERBS: readonly Verb[] = [
  verb('start', 'start_instance', 'start', { vmStates: ['stopped'], task: 'powering-on', needsHost: true }),
  verb('stop', 'stop_instance', 'stop', { vmStates: ['active', 'error'], task: 'powering-off', progress: true, needsHost: true }),
  verb('reboot', 'reboot_instance', 'reboot', { vmStates: ['active'], task: 'rebooting' }),
  verb('reboot-hard', 'reboot_instance', 'reboot', { vmStates: HARD_STATES, taskStates: HARD_TASKS, task: 'rebooting_hard' }),
  verb('pause', 'pause_instance', 'pause', { vmStates: ['active'], task: 'pausing' }),
  verb('unpause', 'unpause_instance', 'unpause', { vmStates: ['paused'], task: 'unpausing' }),
  verb('suspend', 'suspend_instance', 'suspend', { vmStates: ['active'], task: 'suspending' }),
  verb('resume', 'resume_instance', 'resume', { vmStates: ['suspended'], task: 'resuming' }),
  verb('rescue', null, 'rescue', { vmStates: ['active', 'stopped', 'error'], task: 'rescuing' }),
  verb('unrescue', null, 'unrescue', { vmStates: ['rescued'], task: 'unrescuing' }),
  verb('resize', 'resize_instance', 'resize', { vmStates: ['active', 'stopped'], task: 'resize_prep', progress: true }),
  verb('migrate', 'resize_instance', 'resize', { vmStates: ['active', 'stopped'], task: 'resize_prep', progress: true }),
  verb('resize-confirm', 'confirm_resize', 'confirm_resize', {
    vmStates: ['resized'],
    task: null,
    noSide: true,
    unsent: NO_MIGRATION,
  }),
  verb('resize-revert', 'revert_resize', 'revert_resize', {
    vmStates: ['resized'],
    task: 'resize_reverting',
    unsent: NO_MIGRATION,
  }),
  {
    ...verb('rebuild', 'rebuild_instance', 'rebuild', { vmStates: ['active', 'stopped', 'error'], task: 'rebuilding' }),
    own: { method: 'rebuild_instance', from: 'icehouse' },
  },
  verb('image-create', 'snapshot_instance', 'snapshot', {
    vmStates: OFF_STATES,
    task: 'image_snapshot_pending',
    tasks: TO_HAVANA('image_snapshot'),
  }),
  verb('backup', 'backup_instance', 'backup', { vmStates: OFF_STATES, task: 'image_backup' }),
  {
    ...verb('set-password', 'set_admin_password', 'set_admin_password', { vmStates: ['active'], task: 'updating_password' }),
    own: { method: 'set_admin_password', from: 'juno' },
  },
  verb('shelve', null, 'shelve', {
    vmStates: OFF_STATES,
    task: null,
    tasks: { kilo: 'shelving', liberty: 'shelving', newton: 'shelving' },
    sent: FROM_HAVANA,
  }),
  verb('shelve-offload', null, 'shelve_offload', { vmStates: ['shelved'], task: 'shelving_offloading', sent: FROM_HAVANA }),
  verb('unshelve', null, 'unshelve', {
    vmStates: ['shelved', 'shelved_offloaded'],
    task: 'unshelving',
    tasks: { mitaka: null, ocata: null, pike: null, queens: null, rocky: null },
    sent: FROM_HAVANA,
  }),
  verb('soft-delete', 'soft_delete_instance', 'soft_delete', { task: 'soft-deleting', progress: true, taskStates: 'any' }),
  verb('restore', null, 'restore', { vmStates: ['soft-delete'], task: 'restoring' }),
  {
    ...verb('live-migration', 'live_migrate_instance', 'live_migrate', { vmStates: ['active', 'paused'], task: 'migrating' }),
    own: { method: 'live_migrate_instance', from: 'havana', until: 'mitaka' },
  },
  verb('evacuate', null, 'evacuate', {
    vmStates: ['active', 'stopped', 'error'],
    task: null,
    noSide: true,
    // Before Liberty the parent looks the host up among its own services, and fails.
    sent: ['liberty', 'rocky'],
  }),
  verb('reset-network', 'reset_network', 'reset_network', {
    vmStates: ['active', 'paused', 'suspended', 'stopped'],
    task: null,
    noSide: true,
  }),
  verb('inject-network-info', 'inject_network_info', 'inject_network_info', { task: null, noSide: true, taskStates: 'any' }),
  verb('add-fixed-ip', null, 'add_fixed_ip', { task: null, noSide: true, taskStates: 'any' }),
  verb('remove-fixed-ip', null, 'remove_fixed_ip', { task: null, noSide: true, taskStates: 'any' }),
  verb('volume-attach', null, 'attach_volume', {
    vmStates: OFF_STATES,
    task: null,
    noSide: true,
    call: true,
    castUntil: 'grizzly',
  }),
  verb('volume-detach', null, 'detach_volume', { vmStates: OFF_STATES, task: null, noSide: true }),
  verb('console-log', null, 'get_console_output', { task: null, noSide: true, taskStates: 'any', needsHost: true, call: true }),
  verb('diagnostics', null, 'get_diagnostics', { vmStates: ['active'], task: null, noSide: true, taskStates: 'any', call: true }),
  verb('vnc-console', null, 'get_vnc_connect_info', { task: null, noSide: true, taskStates: 'any', needsHost: true, call: true }),
  verb('spice-console', null, 'get_spice_connect_info', {
    task: null,
    noSide: true,
    taskStates: 'any',
    needsHost: true,
    call: true,
  }),
  verb('instance-diagnostics', null, 'get_instance_diagnostics', {
    vmStates: ['active'],
    task: null,
    noSide: true,
    taskStates: 'any',
    call: true,
    sent: ['juno', 'rocky'],
  }),
  verb('rdp-console', null, 'get_rdp_connect_info', {
    task: null,
    noSide: true,
    taskStates: 'any',
    needsHost: true,
    call: true,
    sent: ['icehouse', 'rocky'],
  }),
  verb('serial-console', null, 'get_serial_console_connect_info', {
    task: null,
    noSide: true,
    taskStates: 'any',
    needsHost: true,
    call: true,
    sent: ['juno', 'rocky'],
  }),
];

export function verbNamed(name: string): Verb {
  const found = VERBS.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no verb ${name}`);
  return found;
}

/** Whether a parent of that release ever sends the verb. */
export function isSent({ sent, unsent }: Verb, release: Release): boolean {
  if (unsent?.includes(release)) return false;
  if (sent === undefined) return true;
  const at = RELEASES.indexOf(release);
  return at >= RELEASES.indexOf(sent[0]) && at <= RELEASES.indexOf(sent[1]);
}

/** The task state that a parent of that release writes before the verb leaves; null: none. */
export function taskOf({ task, tasks }: Verb, release: Release): string | null {
  const own = tasks?.[release];
  return own === undefined ? task : own;
}

/** Whether the parent's API waits for the answer. */
export function isCall({ call, castUntil }: Verb, release: Release): boolean {
  const isCast = castUntil !== undefined && RELEASES.indexOf(release) <= RELEASES.indexOf(castUntil);
  return call === true && !isCast;
}

/** Verbs whose parents of Havana and Icehouse still say what they wrote by `update` of the compute API. */
const OLD_SIDE: Readonly<Record<string, readonly Release[]>> = {
  rescue: ['havana', 'icehouse'],
  unrescue: ['havana', 'icehouse'],
  'set-password': ['havana', 'icehouse'],
  rebuild: ['havana'],
  restore: ['havana'],
};

/** Whether what the parent wrote goes down as the changed object, or as columns of `update`. */
export function sideIsObject({ name }: Verb, release: Release): boolean {
  return release !== 'grizzly' && !OLD_SIDE[name]?.includes(release);
}

/** Its own method at that release, or undefined where it goes by `run_compute_api_method`. */
export function ownMethod(of: Verb, release: Release): string | undefined {
  if (!of.own) return undefined;
  const at = RELEASES.indexOf(release);
  const until = of.own.until === undefined ? RELEASES.length - 1 : RELEASES.indexOf(of.own.until);
  return at >= RELEASES.indexOf(of.own.from) && at <= until ? of.own.method : undefined;
}

/** Arguments of the own method besides `instance`, and of the compute API's after the uuid. */
export interface VerbArguments {
  readonly own?: JsonObject;
  readonly args?: readonly JsonObject[string][];
  readonly kwargs?: JsonObject;
  /** Columns that the parent changes besides the task state. */
  readonly columns?: JsonObject;
}

function verb(name: string, method: string | null, computeApi: string, rest: Omit<Verb, 'name' | 'computeApi' | 'own'>): Verb {
  return { name, computeApi, ...(method === null ? {} : { own: { method, from: 'havana' } }), ...rest };
}
