-- nova's tables for hosts, neighbours, flavors, key pairs and records of use, as in Rocky (18.x).

create table services (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  uuid varchar(36) collate "C" not null unique,
  host varchar(255),
  "binary" varchar(255),
  topic varchar(255),
  report_count integer not null default 0,
  disabled boolean default false,
  disabled_reason varchar(255),
  last_seen_up timestamp,
  forced_down boolean default false,
  version integer default 0,
  unique (host, topic, deleted),
  unique (host, "binary", deleted)
);

create table compute_nodes (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  service_id integer,
  host varchar(255),
  uuid varchar(36) collate "C" not null unique,
  vcpus integer not null,
  memory_mb integer not null,
  local_gb integer not null,
  vcpus_used integer not null default 0,
  memory_mb_used integer not null default 0,
  local_gb_used integer not null default 0,
  hypervisor_type text not null,
  hypervisor_version integer not null,
  hypervisor_hostname varchar(255),
  free_ram_mb integer,
  free_disk_gb integer,
  current_workload integer,
  running_vms integer,
  cpu_info text not null default '',
  disk_available_least integer,
  host_ip inet,
  supported_instances text,
  metrics text,
  pci_stats text,
  extra_resources text,
  stats text default '{}',
  numa_topology text,
  ram_allocation_ratio double precision,
  cpu_allocation_ratio double precision,
  disk_allocation_ratio double precision,
  mapped integer default 0,
  unique (host, hypervisor_hostname, deleted)
);

create type migration_type as enum ('migration', 'resize', 'live-migration', 'evacuation');

create table migrations (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  uuid varchar(36) collate "C" not null unique,
  source_compute varchar(255),
  dest_compute varchar(255),
  source_node varchar(255),
  dest_node varchar(255),
  dest_host varchar(255),
  old_instance_type_id integer,
  new_instance_type_id integer,
  instance_uuid varchar(36) collate "C",
  status varchar(255),
  migration_type migration_type,
  hidden boolean default false,
  memory_total bigint,
  memory_processed bigint,
  memory_remaining bigint,
  disk_total bigint,
  disk_processed bigint,
  disk_remaining bigint
);
create index migrations_instance on migrations (instance_uuid);

create table cells (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  name varchar(255),
  api_url varchar(255),
  -- nova has varchar(255); a URL with several brokers in it may be longer.
  transport_url text not null,
  weight_offset double precision default 0.0,
  weight_scale double precision default 1.0,
  is_parent boolean,
  unique (name, deleted)
);

create type keypair_types as enum ('ssh', 'x509');

create table key_pairs (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  name varchar(255) not null,
  user_id varchar(255),
  fingerprint varchar(255),
  public_key text,
  type keypair_types not null default 'ssh',
  unique (user_id, name, deleted)
);

create table bw_usage_cache (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  uuid varchar(36) collate "C",
  mac varchar(255),
  start_period timestamp not null,
  last_refreshed timestamp,
  bw_in bigint,
  bw_out bigint,
  last_ctr_in bigint,
  last_ctr_out bigint
);
create index bw_usage_cache_uuid on bw_usage_cache (uuid, start_period);

create table task_log (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  task_name varchar(255) not null,
  state varchar(255) not null,
  host varchar(255) not null,
  period_beginning timestamp not null default timezone('utc', now()),
  period_ending timestamp not null default timezone('utc', now()),
  message varchar(255) not null,
  task_items integer default 0,
  errors integer default 0,
  unique (task_name, host, period_beginning, period_ending)
);

create table instance_types (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  name varchar(255),
  memory_mb integer not null,
  vcpus integer not null,
  root_gb integer,
  ephemeral_gb integer,
  flavorid varchar(255),
  swap integer not null default 0,
  rxtx_factor double precision default 1,
  vcpu_weight integer,
  disabled boolean default false,
  is_public boolean default true,
  -- The name is not unique as in nova: the parent may reuse one for another flavor, and we only see flavors pass by.
  unique (flavorid, deleted)
);

create table instance_type_extra_specs (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  key varchar(255) collate "C",
  value varchar(255),
  instance_type_id integer not null,
  unique (instance_type_id, key, deleted)
);

create table console_auth_tokens (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  id serial primary key,
  token_hash varchar(255) collate "C" not null unique,
  console_type varchar(255) not null,
  host varchar(255) not null,
  port integer not null,
  internal_access_path varchar(255),
  instance_uuid varchar(36) collate "C" not null,
  expires integer not null,
  access_url_base varchar(255)
);
create index console_auth_tokens_instance on console_auth_tokens (instance_uuid);
