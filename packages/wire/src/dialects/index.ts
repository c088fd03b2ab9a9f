import { REPLY_FORMS } from '../rpc/reply-form.js';
import type { Dialect, Guard } from './dialect.js';
import type { Release } from './release.js';

/** nova/context.py to_dict, in-tree until Juno. */
const CONTEXT_KEYS = [
  'user_id',
  'project_id',
  'is_admin',
  'read_deleted',
  'roles',
  'remote_address',
  'timestamp',
  'request_id',
  'auth_token',
  'quota_class',
  'user_name',
  'service_catalog',
  'project_name',
  'instance_lock_checked',
  'tenant',
  'user',
];

/** oslo.context joins in. */
const KILO_CONTEXT_KEYS = [
  ...CONTEXT_KEYS,
  'domain',
  'user_domain',
  'project_domain',
  'read_only',
  'show_deleted',
  'resource_uuid',
  'user_identity',
];
const NEWTON_CONTEXT_KEYS = [...KILO_CONTEXT_KEYS, 'is_admin_project'];
const PIKE_CONTEXT_KEYS = [...NEWTON_CONTEXT_KEYS, 'global_request_id'];
const QUEENS_CONTEXT_KEYS = [...PIKE_CONTEXT_KEYS, 'project'];
const ROCKY_CONTEXT_KEYS = [...QUEENS_CONTEXT_KEYS.filter((key) => key !== 'instance_lock_checked'), 'system_scope'];

/** nova/cells/messaging.py instance_update_at_top: expected states of the parent's row. */
const BUILDING_GUARD: Guard = { column: 'vm_state', value: 'building', from: ['building', null] };
const ICEHOUSE_GUARDS: readonly Guard[] = [
  BUILDING_GUARD,
  taskGuard('rebuild_block_device_mapping', ['rebuilding']),
  taskGuard('rebuild_spawning', ['rebuild_block_device_mapping', 'rebuilding']),
  taskGuard('resize_migrating', ['resize_prep']),
  taskGuard('resize_migrated', ['resize_migrating', 'resize_prep']),
  taskGuard('resize_finish', ['resize_migrated', 'resize_migrating', 'resize_prep']),
];

const GRIZZLY: Dialect = {
  release: 'grizzly',
  series: '2013.1',
  envelope: 'bare',
  namespaceNull: false,
  contextKeys: CONTEXT_KEYS,
  replyForm: REPLY_FORMS.bare,
  serverQueue: false,
  fanoutQueueExpires: false,
  buildMethod: 'schedule_run_instance',
  buildInstances: 'dict',
  objectsInArguments: 'none',
  instanceVersion: null,
  multiCreateNames: 'parent',
  instancePayload: 'dict',
  flavorCarrier: 'system_metadata',
  adoption: 'dict',
  adoptionNeedsMapping: false,
  rowsBecomeObjects: false,
  bdmAtTop: false,
  bdmDestroyOnDelete: false,
  keypairAtTop: false,
  needsLaunchedAt: false,
  guards: [],
  objectsInAnswers: false,
  serviceList: 'rows',
  migrationList: 'absent',
  tidiesApiDatabase: false,
};

const HAVANA: Dialect = {
  ...GRIZZLY,
  release: 'havana',
  series: '2013.2',
  envelope: '2.0',
  namespaceNull: true,
  replyForm: REPLY_FORMS.double,
  buildMethod: 'build_instances',
  objectsInArguments: 'shallow',
  instanceVersion: '1.9',
  adoption: 'impossible',
  bdmAtTop: true,
  bdmDestroyOnDelete: true,
  needsLaunchedAt: true,
  guards: [BUILDING_GUARD],
  serviceList: 'empty',
  migrationList: 'rows',
};

const ICEHOUSE: Dialect = {
  ...HAVANA,
  release: 'icehouse',
  series: '2014.1',
  namespaceNull: false,
  serverQueue: true,
  instanceVersion: '1.13',
  adoption: 'dict',
  guards: ICEHOUSE_GUARDS,
  serviceList: 'rows',
};

const JUNO: Dialect = {
  ...ICEHOUSE,
  release: 'juno',
  series: '2014.2',
  objectsInArguments: 'deep',
  rowsBecomeObjects: true,
  instanceVersion: '1.15',
};

const KILO: Dialect = {
  ...JUNO,
  release: 'kilo',
  series: '2015.1',
  contextKeys: KILO_CONTEXT_KEYS,
  buildInstances: 'object',
  instanceVersion: '1.19',
  flavorCarrier: 'none',
  objectsInAnswers: true,
  migrationList: 'empty-object',
};

const LIBERTY: Dialect = {
  ...KILO,
  release: 'liberty',
  series: '12',
  instanceVersion: '2.0',
  instancePayload: 'object',
  flavorCarrier: 'object',
  adoption: 'objects',
  keypairAtTop: true,
};

const MITAKA: Dialect = {
  ...LIBERTY,
  release: 'mitaka',
  series: '13',
  replyForm: REPLY_FORMS.single,
  fanoutQueueExpires: true,
  instanceVersion: '2.1',
};

const NEWTON: Dialect = {
  ...MITAKA,
  release: 'newton',
  series: '14',
  contextKeys: NEWTON_CONTEXT_KEYS,
  instanceVersion: '2.3',
  multiCreateNames: 'child',
  adoptionNeedsMapping: true,
  migrationList: 'object',
  tidiesApiDatabase: true,
};

const OCATA: Dialect = { ...NEWTON, release: 'ocata', series: '15' };

const PIKE: Dialect = { ...OCATA, release: 'pike', series: '16', contextKeys: PIKE_CONTEXT_KEYS };

const QUEENS: Dialect = {
  ...PIKE,
  release: 'queens',
  series: '17',
  contextKeys: QUEENS_CONTEXT_KEYS,
  replyForm: REPLY_FORMS.monitored,
  bdmDestroyOnDelete: false,
};

const ROCKY: Dialect = {
  ...QUEENS,
  release: 'rocky',
  series: '18',
  contextKeys: ROCKY_CONTEXT_KEYS,
  instanceVersion: '2.4',
};

const DIALECTS: Readonly<Record<Release, Dialect>> = {
  grizzly: GRIZZLY,
  havana: HAVANA,
  icehouse: ICEHOUSE,
  juno: JUNO,
  kilo: KILO,
  liberty: LIBERTY,
  mitaka: MITAKA,
  newton: NEWTON,
  ocata: OCATA,
  pike: PIKE,
  queens: QUEENS,
  rocky: ROCKY,
};

/** What a parent of this release speaks: each is written down as what changed since the one before. */
export function dialectOf(release: Release): Dialect {
  return DIALECTS[release];
}

function taskGuard(value: string, from: readonly string[]): Guard {
  return { column: 'task_state', value, from: [value, ...from] };
}
