import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Database, utcNow } from '../database.js';
import { toJsonText } from '../json-text.js';
import type { ComputeHost, ComputeNodeRow, ServiceRow } from '../rows.js';
import type { Store } from '../store.js';
import { rowsOf, rowsOfSum } from './run-statement.js';

const ENSURE = `
with r as materialized (
  select * from json_to_recordset($1::json) as r(host text, zone text, "hypervisorType" text, "hypervisorVersion" integer,
    vcpus integer, "memoryMb" integer, "localGb" integer, "serviceVersion" integer, "serviceUuid" text, "nodeUuid" text)
), s as (
  insert into services as s (uuid, host, "binary", topic, last_seen_up, report_count, version)
  select r."serviceUuid", r.host, 'nova-compute', 'compute', timezone('utc', now()), 1, coalesce(r."serviceVersion", 0)
  from r order by r.host
  on conflict (host, "binary", deleted) do update set last_seen_up = excluded.last_seen_up, updated_at = excluded.last_seen_up,
    report_count = s.report_count + 1, version = excluded.version
  returning s.id, s.host
), n as (
  insert into compute_nodes as n (uuid, service_id, host, hypervisor_hostname, hypervisor_type, hypervisor_version, vcpus, memory_mb,
    local_gb, stats)
  select r."nodeUuid", s.id, r.host, r.host, r."hypervisorType", r."hypervisorVersion", r.vcpus, r."memoryMb", r."localGb",
    json_build_object('availability_zone', r.zone)::text
  from r join s on s.host = r.host order by r.host
  on conflict (host, hypervisor_hostname, deleted) do update set service_id = excluded.service_id,
    hypervisor_type = excluded.hypervisor_type, hypervisor_version = excluded.hypervisor_version, vcpus = excluded.vcpus,
    memory_mb = excluded.memory_mb, local_gb = excluded.local_gb, stats = excluded.stats, updated_at = timezone('utc', now())
), old_services as (
  update services o set deleted = o.id, deleted_at = timezone('utc', now())
  where o.deleted = 0 and o."binary" = 'nova-compute' and not exists (select 1 from r where r.host = o.host)
)
update compute_nodes o set deleted = o.id, deleted_at = timezone('utc', now())
where o.deleted = 0 and not exists (select 1 from r where r.host = o.host)`;

const SERVICE = [
  'id',
  'uuid',
  'host',
  'binary',
  'topic',
  'report_count',
  'disabled',
  'disabled_reason',
  'forced_down',
  'version',
  'last_seen_up',
  'created_at',
  'updated_at',
] as const;

/** What runs on a node is counted from the instances when it is asked for; the columns of the row are not kept up. */
const COMPUTE_NODES = `
with used as (
  select host, count(*)::int as instances, count(task_state)::int as busy, coalesce(sum(vcpus), 0)::int as vcpus,
    coalesce(sum(memory_mb), 0)::int as memory_mb,
    coalesce(sum(coalesce(root_gb, 0) + coalesce(ephemeral_gb, 0)), 0)::int as local_gb
  from instances where deleted = 0 and host is not null group by host
)
select n.id, n.uuid, n.service_id, n.host, n.hypervisor_hostname, n.hypervisor_type, n.hypervisor_version,
  n.vcpus, coalesce(u.vcpus, 0) as vcpus_used,
  n.memory_mb, coalesce(u.memory_mb, 0) as memory_mb_used,
  n.local_gb, coalesce(u.local_gb, 0) as local_gb_used,
  n.memory_mb - coalesce(u.memory_mb, 0) as free_ram_mb,
  n.local_gb - coalesce(u.local_gb, 0) as free_disk_gb,
  coalesce(u.busy, 0) as current_workload, coalesce(u.instances, 0) as running_vms,
  n.disk_available_least, n.cpu_info, host(n.host_ip) as host_ip, n.created_at, n.updated_at
from compute_nodes n left join used u on u.host = n.host
where n.deleted = 0 order by n.id`;

type Services = Store['hosts'];

export function hosts(pool: pg.Pool, db: Database): Services {
  const computeNodes = () => rowsOfSum<ComputeNodeRow>(pool, COMPUTE_NODES);

  return {
    async ensure(wanted) {
      await rowsOf(pool, { name: 'ensure-hosts', text: ENSURE, values: [toJsonText(wanted.map(withUuids))] });
    },
    services: (filter = {}) => services(db, filter),
    setDisabled: (host, binary, disabled, reason) =>
      updateService(db, { host, binary }, { disabled, disabled_reason: disabled ? (reason?.slice(0, 255) ?? null) : null }),
    setForcedDown: (host, binary, forcedDown) => updateService(db, { host, binary }, { forced_down: forcedDown }),
    deleteService: (id) => deleteService(db, id),
    async computeNodes(match) {
      const nodes = await computeNodes();
      return match == null ? nodes : nodes.filter((node) => node.hypervisor_hostname.includes(match));
    },
    async computeNode(idOrUuid) {
      const nodes = await computeNodes();
      return nodes.find((node) => String(node.id) === idOrUuid || node.uuid === idOrUuid) ?? null;
    },
  };
}

/** Candidates for rows that are new. */
function withUuids(host: ComputeHost): object {
  return { ...host, serviceUuid: randomUUID(), nodeUuid: randomUUID() };
}

async function services(db: Database, filter: NonNullable<Parameters<Services['services']>[0]>): Promise<ServiceRow[]> {
  let query = db.selectFrom('services').select(SERVICE).where('deleted', '=', 0);
  for (const column of ['host', 'topic', 'binary'] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, '=', value);
  }
  if (filter.disabled !== undefined) query = query.where('disabled', '=', filter.disabled);
  return query.orderBy('id').execute();
}

interface ServiceChange {
  readonly disabled?: boolean;
  readonly disabled_reason?: string | null;
  readonly forced_down?: boolean;
}

async function updateService(
  db: Database,
  { host, binary }: { readonly host: string; readonly binary: string },
  change: ServiceChange,
): Promise<ServiceRow | null> {
  const row = await db
    .updateTable('services')
    .set({ ...change, updated_at: utcNow })
    .where('host', '=', host)
    .where('binary', '=', binary)
    .where('deleted', '=', 0)
    .returning(SERVICE)
    .executeTakeFirst();
  return row ?? null;
}

async function deleteService(db: Database, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('services')
    .set((eb) => ({ deleted: eb.ref('id'), deleted_at: utcNow }))
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
