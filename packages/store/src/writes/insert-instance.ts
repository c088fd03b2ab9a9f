import { BLOCK_DEVICE_COLUMNS, checkInstanceColumns, fitted, INSTANCE_COLUMNS, recordTypes } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { InsertInstance } from '../write.js';
import { writeKind } from './write-kind.js';

const columns = Object.entries(INSTANCE_COLUMNS);
const names = columns.map(([name]) => name).join(', ');

/** What nova gives these when a build says nothing. */
const DEFAULTS: Readonly<Record<string, string>> = {
  locked: 'false',
  shutdown_terminate: 'false',
  disable_terminate: 'false',
  cleaned: '0',
};

const values = columns.map(([name, sort]) => withDefault(name, fitted('r', name, sort))).join(', ');
const devices = Object.entries(BLOCK_DEVICE_COLUMNS);
const deviceNames = devices.map(([name]) => name).join(', ');
const deviceValues = devices.map(([name, sort]) => fitted('b', name, sort)).join(', ');

/** `is true` keeps the planner from making a join of it: looked up in a hash of the new uuids. */
const isNew = '(r.uuid in (select i.uuid from i)) is true';

/** The children are inserted for those instances only whose row this very statement made. */
const TEXT = `
with r as materialized (
  select * from json_to_recordset($1::json) as r(uuid text, ${recordTypes(INSTANCE_COLUMNS)},
    metadata json, system_metadata json, flavors json, block_devices json, network_info json)
), i as (
  insert into instances (uuid, ${names}) select r.uuid, ${values} from r order by r.uuid
  on conflict (uuid) do nothing returning uuid::text
), extra as (
  insert into instance_extra (instance_uuid, flavor) select r.uuid, r.flavors::text from r where ${isNew}
), cache as (
  insert into instance_info_caches (instance_uuid, network_info) select r.uuid, r.network_info::text from r where ${isNew}
), metadata as (
  insert into instance_metadata (instance_uuid, key, value)
  select r.uuid, m.key::varchar(255), m.value::varchar(255) from r, json_each_text(r.metadata) m where ${isNew}
), system_metadata as (
  insert into instance_system_metadata (instance_uuid, key, value)
  select r.uuid, m.key::varchar(255), m.value::varchar(255) from r, json_each_text(r.system_metadata) m where ${isNew}
), block_devices as (
  insert into block_device_mapping (instance_uuid, uuid, ${deviceNames})
  select r.uuid, gen_random_uuid(), ${deviceValues}
  from r, json_to_recordset(r.block_devices) as b(${recordTypes(BLOCK_DEVICE_COLUMNS)}) where ${isNew}
)
select 1 from i limit 1`;

export const insertInstance = writeKind<InsertInstance>({
  kind: 'insert-instance',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => checkInstanceColumns(write.columns),
  statements: (writes) => [{ name: 'insert-instance', text: TEXT, values: [toJsonText(writes.map(record))] }],
});

function withDefault(name: string, value: string): string {
  const fallback = DEFAULTS[name];
  return fallback === undefined ? value : `coalesce(${value}, ${fallback})`;
}

function record(write: InsertInstance): object {
  return {
    ...write.columns,
    uuid: write.uuid,
    metadata: write.metadata,
    system_metadata: write.systemMetadata,
    flavors: { cur: write.flavor, old: null, new: null },
    block_devices: write.blockDevices,
    network_info: write.networkInfo,
  };
}
