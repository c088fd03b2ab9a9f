/** What differs between the parents of the twelve releases, as data. Facts from nova's code and from traffic of real parents. */

export const RELEASES = [
  'grizzly',
  'havana',
  'icehouse',
  'juno',
  'kilo',
  'liberty',
  'mitaka',
  'newton',
  'ocata',
  'pike',
  'queens',
  'rocky',
] as const;

export type Release = (typeof RELEASES)[number];

/** What the parent does with rows in its API database (`nova/objects/build_request.py`, Newton on). */
export type BuildRequestUse =
  | 'none'
  /** Newton: show, list and every verb read the build request while it is there. */
  | 'show-and-list'
  /** Ocata on: only the list shows it, beside the instance. */
  | 'list';

export interface ParentDialect {
  readonly release: Release;
  /** False: the RPC dict travels bare (Grizzly). */
  readonly envelope: boolean;
  /** Havana writes `"namespace": null`. */
  readonly namespaceNull: boolean;
  /** Keys of the request context that this release writes. */
  readonly contextKeys: readonly string[];
  /** Keys without which a context cannot be rebuilt. */
  readonly contextRequired: readonly string[];
  /** `_context_*` is rebuilt too, and must be valid (oslo.messaging). */
  readonly strictRpcContext: boolean;
  /** Verbs carry an Instance object; else everything goes by `run_compute_api_method`. */
  readonly objectVerbs: boolean;
  /** Objects nested in dicts are serialised (`requested_networks`, …). */
  readonly objectsInDicts: boolean;
  /** `build_inst_kwargs.instances` are objects. */
  readonly objectsInBuild: boolean;
  readonly updates: 'dict' | 'object';
  /** Values of answers are objects. */
  readonly objectAnswers: boolean;
  /** `raw`: stored as text; `six-digits`: only `YYYY-MM-DDTHH:MM:SS.ffffff`; `iso`: an object's ISO 8601. */
  readonly dates: 'raw' | 'six-digits' | 'iso';
  /** `info_cache.network_info` may be a list too. */
  readonly networkInfoList: boolean;
  /** vm_state `building` only over `building` or null. */
  readonly guardsBuilding: boolean;
  readonly guardsTasks: boolean;
  /** Verbs need launched_at and cell_name at the parent. */
  readonly needsLaunchedAt: boolean;
  /** Flavor is kept in system_metadata's `instance_type_*` keys. */
  readonly flavorInSystemMetadata: boolean;
  /** Keys of an update that lose it or break listings although they look like columns. */
  readonly poisonKeys: readonly string[];
  /** Faults are stored through an object: other keys are an error. */
  readonly strictFaults: boolean;
  readonly deleteType: boolean;
  readonly cleanShutdown: boolean;
  /** Who numbers the instances of one request. */
  readonly namesBy: 'parent' | 'child';
  readonly buildRequests: BuildRequestUse;
  /** Deleting needs an `instance_mappings` row, else 500 after the verb was sent. */
  readonly needsMapping: boolean;
  /** `dict` rows, `empty` (anything else ends in 500) or a MigrationList. */
  readonly migrations: 'none' | 'dict' | 'empty' | 'object';
  /** Any service in the answer ends in 500 (Havana). */
  readonly servicesMustBeEmpty: boolean;
  /** An event's `host` is read with a hard key (microversion 2.62). */
  readonly eventHost: boolean;
  /** A live migration reaches the child as a verb. */
  readonly liveMigration: boolean;
  /** Lock and unlock are verbs of the compute API. */
  readonly locksByVerb: boolean;
  /** Fields that a Service must have set, or the parent tries to load them from its own database. */
  readonly serviceFields: readonly string[];
}

const BASE_CONTEXT = [
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
const KILO_CONTEXT = ['domain', 'user_domain', 'project_domain', 'read_only', 'show_deleted', 'resource_uuid', 'user_identity'];

const SERVICE_FIELDS = [
  'id',
  'host',
  'binary',
  'topic',
  'report_count',
  'disabled',
  'disabled_reason',
  'created_at',
  'updated_at',
  'deleted',
  'deleted_at',
];

export function dialectOf(release: Release): ParentDialect {
  const since = (first: Release) => RELEASES.indexOf(release) >= RELEASES.indexOf(first);
  const within = (first: Release, last: Release) => since(first) && RELEASES.indexOf(release) <= RELEASES.indexOf(last);
  return {
    release,
    envelope: since('havana'),
    namespaceNull: release === 'havana',
    contextKeys: contextKeys(since),
    contextRequired: since('kilo') ? [] : ['user_id', 'project_id'],
    strictRpcContext: since('icehouse'),
    objectVerbs: since('havana'),
    objectsInDicts: since('juno'),
    objectsInBuild: since('kilo'),
    updates: since('liberty') ? 'object' : 'dict',
    objectAnswers: since('kilo'),
    dates: since('liberty') ? 'iso' : since('havana') ? 'six-digits' : 'raw',
    networkInfoList: since('icehouse'),
    guardsBuilding: since('havana'),
    guardsTasks: since('icehouse'),
    needsLaunchedAt: since('havana'),
    flavorInSystemMetadata: !since('kilo'),
    poisonKeys: poisonKeys(release, within('havana', 'juno')),
    strictFaults: since('juno'),
    deleteType: since('liberty'),
    cleanShutdown: since('kilo'),
    namesBy: since('newton') ? 'child' : 'parent',
    buildRequests: since('ocata') ? 'list' : release === 'newton' ? 'show-and-list' : 'none',
    needsMapping: release === 'rocky',
    migrations: migrationForm(since),
    servicesMustBeEmpty: release === 'havana',
    eventHost: since('rocky'),
    liveMigration: within('havana', 'mitaka'),
    locksByVerb: !since('juno'),
    serviceFields: serviceFields(since),
  };
}

type Since = (first: Release) => boolean;

function contextKeys(since: Since): string[] {
  const keys = [...BASE_CONTEXT, ...(since('kilo') ? KILO_CONTEXT : [])];
  if (since('newton')) keys.push('is_admin_project');
  if (since('pike')) keys.push('global_request_id');
  if (since('queens')) keys.push('project');
  if (!since('rocky')) return keys;
  return [...keys.filter((key) => key !== 'instance_lock_checked'), 'system_scope'];
}

function poisonKeys(release: Release, relationsRefused: boolean): string[] {
  if (release === 'juno') return ['numa_topology', 'pci_devices'];
  return relationsRefused ? ['pci_devices'] : [];
}

function migrationForm(since: Since): ParentDialect['migrations'] {
  if (since('newton')) return 'object';
  if (since('kilo')) return 'empty';
  return since('havana') ? 'dict' : 'none';
}

function serviceFields(since: Since): string[] {
  const fields = since('havana') ? SERVICE_FIELDS : SERVICE_FIELDS.filter((field) => field !== 'disabled_reason');
  const later = since('liberty') ? ['last_seen_up', 'forced_down', 'version'] : [];
  return [...fields, ...later, ...(since('pike') ? ['uuid'] : [])];
}
