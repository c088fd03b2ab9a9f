-- Images that users made of instances: which of the provider's images stands for an image of the parent's.
-- Ours, with soft delete and times as in nova's tables. They outlive their instance.

create table images (
  created_at timestamp default timezone('utc', now()),
  updated_at timestamp,
  deleted_at timestamp,
  deleted integer not null default 0,
  id serial primary key,
  image_id text collate "C" not null,
  instance_uuid varchar(36) collate "C" not null,
  provider_image_id text collate "C" not null,
  name text not null,
  kind text collate "C" not null,
  backup_type text,
  unique (image_id, deleted)
);
create index images_instance on images (instance_uuid);
