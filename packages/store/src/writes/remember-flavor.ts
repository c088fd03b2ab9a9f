import { StoreError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { type WriteOf, writeKind } from './write-kind.js';

type RememberFlavor = WriteOf<'remember-flavor'>;

/** Nothing is rewritten while the flavor stays as it is: it comes with every build. */
const TEXT = `
with r as materialized (
  select * from json_to_recordset($1::json) as r(name text, memory_mb integer, vcpus integer, root_gb integer, ephemeral_gb integer,
    id integer, flavorid text, swap integer, rxtx_factor double precision, vcpu_weight integer, disabled boolean, is_public boolean,
    extra_specs json)
), t as (
  insert into instance_types as t (name, memory_mb, vcpus, root_gb, ephemeral_gb, flavorid, swap, rxtx_factor, vcpu_weight,
    disabled, is_public, parent_id)
  select r.name::varchar(255), r.memory_mb, r.vcpus, r.root_gb, r.ephemeral_gb, r.flavorid, coalesce(r.swap, 0), r.rxtx_factor,
    r.vcpu_weight, coalesce(r.disabled, false), coalesce(r.is_public, true), r.id from r order by r.flavorid
  on conflict (flavorid, deleted) do update set name = excluded.name, memory_mb = excluded.memory_mb, vcpus = excluded.vcpus,
    root_gb = excluded.root_gb, ephemeral_gb = excluded.ephemeral_gb, swap = excluded.swap, rxtx_factor = excluded.rxtx_factor,
    vcpu_weight = excluded.vcpu_weight, disabled = excluded.disabled, is_public = excluded.is_public,
    parent_id = excluded.parent_id, updated_at = timezone('utc', now())
  returning t.id, t.flavorid
), specs as materialized (
  select t.id, s.key::varchar(255) as key, s.value::varchar(255) as value
  from r join t on t.flavorid = r.flavorid, json_each_text(coalesce(r.extra_specs, '{}')) s
), others as (
  delete from instance_type_extra_specs s using t where ${byKey('s.instance_type_id', 't.id')}
    and not exists (select 1 from specs where specs.id = t.id and specs.key = s.key)
)
insert into instance_type_extra_specs (instance_type_id, key, value) select id, key, value from specs
on conflict (instance_type_id, key, deleted) do update set value = excluded.value, updated_at = timezone('utc', now())`;

export const rememberFlavor = writeKind<RememberFlavor>({
  kind: 'remember-flavor',
  keys: () => [],
  check: (write) => {
    if (typeof flavorFields(write.flavor).flavorid !== 'string') throw new StoreError('bad-value', 'the flavor has no flavorid');
  },
  statements: (writes) => {
    const newest = new Map(writes.map((write) => [flavorFields(write.flavor).flavorid, flavorFields(write.flavor)]));
    return [{ name: 'remember-flavor', text: TEXT, values: [toJsonText([...newest.values()])] }];
  },
});

/** The fields of a flavor, be it plain or a nova object (`nova_object.data` around them). */
function flavorFields(flavor: JsonObject): JsonObject {
  const data = flavor['nova_object.data'];
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as JsonObject) : flavor;
}
