import type pg from 'pg';
import type { JsonObject } from '../json.js';
import type { Store } from '../store.js';
import { rowsOf } from './run-statement.js';

const SIZES = `select distinct memory_mb as "memoryMb", coalesce(root_gb, 0) + coalesce(ephemeral_gb, 0) as "diskGb"
  from instance_types where deleted = 0 order by 1, 2`;

const SELECT = `select t.parent_id as id, t.name, t.memory_mb, t.vcpus, t.root_gb, t.ephemeral_gb, t.flavorid, t.swap, t.rxtx_factor,
    t.vcpu_weight, t.disabled, t.is_public,
    (select coalesce(json_object_agg(s.key, s.value), '{}') from instance_type_extra_specs s
     where s.instance_type_id = t.id and s.deleted = 0) as extra_specs
  from instance_types t where t.deleted = 0`;

const FIND = `${SELECT} and t.flavorid = $1`;
const LIST = `${SELECT} and t.parent_id is not null order by t.name, t.flavorid`;

export function flavors(pool: pg.Pool): Store['flavors'] {
  return {
    async find(flavorid) {
      const [row] = await rowsOf<JsonObject>(pool, { name: 'find-flavor', text: FIND, values: [flavorid] });
      return row ?? null;
    },

    list: () => rowsOf<JsonObject>(pool, { name: 'list-flavors', text: LIST, values: [] }),
  };
}

/** nova's own sum for a flavor's disk, as the parent's capacity filter uses it: root plus ephemeral (cells/state.py). */
export function flavorSizes(pool: pg.Pool): Store['flavorSizes'] {
  return () => rowsOf(pool, { name: 'flavor-sizes', text: SIZES, values: [] });
}
