import type pg from 'pg';
import { BLOCK_DEVICE_COLUMNS, INSTANCE_COLUMNS } from '../instance-columns.js';
import type { Json, JsonObject } from '../json.js';
import type { BlockDeviceRow, InstanceSummary, InstanceView, Usage } from '../rows.js';
import type { Store } from '../store.js';
import { rowsOf, rowsOfSum } from './run-statement.js';

const columns = Object.keys(INSTANCE_COLUMNS)
  .map((name) => `i.${name}`)
  .join(', ');

/** What was soft-deleted with the instance is still its own; what was deleted before is not. */
const ofInstance = (alias: string) =>
  `${alias}.instance_uuid = i.uuid and (${alias}.deleted = 0 or (i.deleted <> 0 and ${alias}.deleted_at = i.deleted_at))`;

const VIEWS = `
select i.id, i.uuid, i.created_at, i.updated_at, i.deleted_at, i.deleted, ${columns},
  (select c.network_info from instance_info_caches c where c.instance_uuid = i.uuid) as network_info,
  (select x.flavor from instance_extra x where x.instance_uuid = i.uuid) as flavor,
  (select json_object_agg(m.key, m.value) from instance_metadata m where m.key is not null and ${ofInstance('m')}) as metadata,
  (select json_object_agg(s.key, s.value) from instance_system_metadata s where ${ofInstance('s')}) as system_metadata
from instances i
where i.uuid = any($1::text[])`;

const BLOCK_DEVICES = `select id, uuid, instance_uuid, ${Object.keys(BLOCK_DEVICE_COLUMNS).join(', ')}
from block_device_mapping where instance_uuid = $1 and deleted = 0 order by boot_index nulls last, id`;

/** Live rows and, if wanted, deleted ones are walked through an index each; both give ids in order. */
const CHANGED = `
select id, uuid, deleted <> 0 as deleted from (
  (select id, uuid, deleted from instances
   where deleted = 0 and id > $1 and ($2::text is null or project_id = $2)
     and ($3::timestamp is null or coalesce(updated_at, created_at) >= $3) order by id limit $5)
  union all
  (select id, uuid, deleted from instances
   where $4 and deleted <> 0 and id > $1 and ($2::text is null or project_id = $2)
     and ($3::timestamp is null or deleted_at >= $3 or updated_at >= $3) order by id limit $5)
) found order by id limit $5`;

const LIST = `select id, uuid, host, vm_state, updated_at from instances where deleted = 0 and id > $1 order by id limit $2`;

const USAGE = `
select host, count(*)::int as instances,
  count(*) filter (where power_state = 1)::int as running,
  count(*) filter (where vm_state = 'building')::int as building,
  coalesce(sum(vcpus), 0)::int as vcpus,
  coalesce(sum(memory_mb), 0)::int as "memoryMb",
  coalesce(sum(coalesce(root_gb, 0) + coalesce(ephemeral_gb, 0)), 0)::int as "diskGb",
  count(task_state)::int as busy
from instances where deleted = 0 group by host order by 1`;

/** As the driver gives it: these two are JSON in text columns. */
interface ViewRow extends Omit<InstanceView, 'network_info' | 'flavor' | 'old_flavor' | 'new_flavor'> {
  readonly network_info: string | null;
  readonly flavor: string | null;
}

interface Flavors {
  readonly cur?: JsonObject | null;
  readonly old?: JsonObject | null;
  readonly new?: JsonObject | null;
}

export function instances(pool: pg.Pool): Store['instances'] {
  return {
    async views(uuids) {
      if (uuids.length === 0) return new Map();
      const rows = await rowsOf<ViewRow>(pool, { name: 'instance-views', text: VIEWS, values: [uuids] });
      return new Map(rows.map((row) => [row.uuid, view(row)]));
    },

    blockDevices: (uuid) => rowsOf<BlockDeviceRow>(pool, { name: 'block-devices', text: BLOCK_DEVICES, values: [uuid] }),

    changed({ afterId = 0, projectId, since, deleted, limit }) {
      // As text: the driver would write a Date in the process's own zone.
      const values = [afterId, projectId ?? null, since?.toISOString() ?? null, deleted, limit];
      return rowsOf(pool, { name: 'changed-instances', text: CHANGED, values });
    },

    list: ({ afterId = 0, limit }) =>
      rowsOf<InstanceSummary>(pool, { name: 'list-instances', text: LIST, values: [afterId, limit] }),

    usage: () => rowsOfSum<Usage>(pool, USAGE),
  };
}

/** Made of the row itself: a copy of its sixty columns for every report is time better spent. */
function view(row: ViewRow): InstanceView {
  const flavors = row.flavor === null ? {} : (JSON.parse(row.flavor) as Flavors);
  return Object.assign(row, {
    network_info: row.network_info === null ? [] : (JSON.parse(row.network_info) as Json[]),
    flavor: flavors.cur ?? null,
    old_flavor: flavors.old ?? null,
    new_flavor: flavors.new ?? null,
    metadata: row.metadata ?? {},
    system_metadata: row.system_metadata ?? {},
  } as const) as unknown as InstanceView;
}
