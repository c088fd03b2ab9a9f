-- The id that the flavor has at the parent, which goes back to it as `instance_type_id`; nova's own column `id` is ours.
alter table instance_types add column parent_id integer;

-- One row for each interface and period, so that a reading that is told twice is kept once.
drop index bw_usage_cache_uuid;
alter table bw_usage_cache add unique (uuid, start_period, mac);
