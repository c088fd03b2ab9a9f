import { dataOf, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@burstcell/wire';

/** What an update to the top says of an instance, in any release's form. Absent: nothing is said. */
export interface ToldRow {
  readonly vm_state?: string;
  readonly task_state?: string;
  readonly power_state?: string;
  readonly display_name?: string;
  readonly image_ref?: string;
  readonly memory_mb?: string;
  readonly vcpus?: string;
  readonly locked?: string;
  /** `set` or `none`: which host it is, each cell has its own. */
  readonly host?: string;
  readonly launched_at?: string;
  /** The flavor's name. */
  readonly flavor?: string;
  /** How many fixed addresses. */
  readonly addresses?: string;
}

const PLAIN = ['vm_state', 'task_state', 'power_state', 'display_name', 'image_ref', 'memory_mb', 'vcpus', 'locked'] as const;
const WHETHER_SET = ['host', 'launched_at'] as const;

/** Reads the `instance` of an `instance_update_at_top`: of an object, what it names as changed; of a dict, all there is. */
export function toldRow(instance: JsonValue | undefined): ToldRow {
  const said = appliedOf(instance);
  const row: Record<string, string> = {};
  for (const name of PLAIN) if (said[name] !== undefined) row[name] = textOf(said[name]);
  for (const name of WHETHER_SET) if (said[name] !== undefined) row[name] = isSet(said[name]) ? 'set' : 'none';
  const flavor = flavorIn(said);
  if (flavor !== null) row.flavor = flavor;
  const addresses = addressesIn(said.info_cache);
  if (addresses !== null) row.addresses = String(addresses);
  return row;
}

function appliedOf(instance: JsonValue | undefined): JsonObject {
  if (!isJsonObject(instance)) return {};
  const data = dataOf(instance);
  if (data === null) return instance;
  const changes = instance['nova_object.changes'];
  const names = Array.isArray(changes) ? changes.map(String) : [];
  return Object.fromEntries(Object.entries(data).filter(([name]) => names.includes(name)));
}

/** Grizzly to Juno in system_metadata (an object, or a list of rows), Kilo nowhere, Liberty on as an object. */
function flavorIn({ flavor, system_metadata: metadata }: JsonObject): string | null {
  const data = dataOf(flavor);
  if (data !== null) return textOf(data.name);
  const rows = Array.isArray(metadata) ? metadata.filter(isJsonObject) : [];
  const row = rows.find(({ key }) => key === 'instance_type_name');
  const name = isJsonObject(metadata) ? metadata.instance_type_name : row?.value;
  return typeof name === 'string' ? name : null;
}

function addressesIn(cache: JsonValue | undefined): number | null {
  const info = isJsonObject(cache) ? (dataOf(cache) ?? cache).network_info : undefined;
  const vifs = typeof info === 'string' && info !== '' ? parseJson(info) : info;
  if (!Array.isArray(vifs)) return null;
  const listIn = (value: JsonValue | undefined, key: string) => {
    const list = isJsonObject(value) ? value[key] : undefined;
    return Array.isArray(list) ? list : [];
  };
  const subnets = vifs.flatMap((vif) => listIn(isJsonObject(vif) ? vif.network : undefined, 'subnets'));
  return subnets.flatMap((subnet) => listIn(subnet, 'ips')).length;
}

function isSet(value: JsonValue): boolean {
  return value !== null && value !== '';
}

function textOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
