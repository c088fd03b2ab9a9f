-- nova's tables for instances, under nova's names and with the columns of Rocky (18.x).
-- Times are UTC without zone, as nova keeps them; a live row has deleted = 0, a deleted one deleted = id.
--
-- What differs from nova's own schema, and why:
--   * no foreign keys: rows are only written through this package, and every key check costs each build;
--   * uuids compare by byte (collate "C"), which halves the work of their indexes;
--   * fewer indexes, and none on a column that changes during an instance's life, so that an
--     update rewrites the row in its page and touches no index (HOT, helped by the fill factor).

create type instances_locked_by as enum ('owner', 'admin');

create table instances (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  user_id varchar(255),
  project_id varchar(255),
  image_ref varchar(255),
  kernel_id varchar(255),
  ramdisk_id varchar(255),
  hostname varchar(255),
  launch_index integer,
  key_name varchar(255),
  key_data text,
  power_state integer,
  vm_state varchar(255),
  task_state varchar(255),
  memory_mb integer,
  vcpus integer,
  root_gb integer,
  ephemeral_gb integer,
  host varchar(255),
  node varchar(255),
  instance_type_id integer,
  user_data text,
  reservation_id varchar(255),
  launched_at timestamp,
  terminated_at timestamp,
  availability_zone varchar(255),
  display_name varchar(255),
  display_description varchar(255),
  launched_on text,
  locked boolean,
  locked_by instances_locked_by,
  os_type varchar(255),
  architecture varchar(255),
  vm_mode varchar(255),
  uuid varchar(36) collate "C" not null unique,
  root_device_name varchar(255),
  default_ephemeral_device varchar(255),
  default_swap_device varchar(255),
  config_drive varchar(255),
  access_ip_v4 inet,
  access_ip_v6 inet,
  auto_disk_config boolean,
  progress integer,
  shutdown_terminate boolean default false,
  disable_terminate boolean default false,
  ephemeral_key_uuid varchar(36),
  cell_name varchar(255),
  cleaned integer default 0
) with (fillfactor = 60);

-- Usage, capacity and healing walk the live rows; healing also wants the lately deleted ones.
create index instances_live on instances (id) where deleted = 0;
create index instances_deleted on instances (deleted_at) where deleted <> 0;

create table instance_extra (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  instance_uuid varchar(36) collate "C" not null unique,
  numa_topology text,
  pci_requests text,
  flavor text,
  vcpu_model text,
  migration_context text,
  device_metadata text,
  keypairs text,
  trusted_certs text
);

create table instance_info_caches (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  network_info text,
  instance_uuid varchar(36) collate "C" not null unique
) with (fillfactor = 50);

create table instance_metadata (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  key varchar(255),
  value varchar(255),
  instance_uuid varchar(36) collate "C"
);
create index instance_metadata_instance on instance_metadata (instance_uuid);

create table instance_system_metadata (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  key varchar(255) not null,
  value varchar(255),
  instance_uuid varchar(36) collate "C" not null
);
create index instance_system_metadata_instance on instance_system_metadata (instance_uuid);

create table instance_faults (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  instance_uuid varchar(36) collate "C",
  code integer not null,
  message varchar(255),
  details text,
  host varchar(255)
);
create index instance_faults_instance on instance_faults (instance_uuid);

create table block_device_mapping (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  uuid varchar(36) collate "C" not null,
  instance_uuid varchar(36) collate "C",
  source_type varchar(255),
  destination_type varchar(255),
  guest_format varchar(255),
  device_type varchar(255),
  disk_bus varchar(255),
  boot_index integer,
  device_name varchar(255),
  delete_on_termination boolean default false,
  snapshot_id varchar(36),
  volume_id varchar(36),
  volume_size integer,
  image_id varchar(36),
  no_device boolean,
  connection_info text,
  tag varchar(255),
  attachment_id varchar(36)
);
create index block_device_mapping_instance on block_device_mapping (instance_uuid);
create index block_device_mapping_volume on block_device_mapping (volume_id) where volume_id is not null;

create table instance_actions (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  action varchar(255),
  instance_uuid varchar(36) collate "C",
  request_id varchar(255),
  user_id varchar(255),
  project_id varchar(255),
  start_time timestamp default timezone('utc', now()),
  finish_time timestamp,
  message varchar(255)
) with (fillfactor = 50);
create index instance_actions_instance on instance_actions (instance_uuid);

create table instance_actions_events (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  event varchar(255),
  action_id integer,
  start_time timestamp default timezone('utc', now()),
  finish_time timestamp,
  result varchar(255),
  traceback text,
  host varchar(255),
  details text
) with (fillfactor = 80);
create index instance_actions_events_action on instance_actions_events (action_id);
