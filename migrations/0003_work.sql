-- Burstcell's own tables: what came in, what is to be done, what is to be said. Times carry their zone.
-- Due work is found through partial indexes that hold unfinished rows only; leases are in no index,
-- so taking and lengthening one rewrites a row in its page.

-- Messages that were taken. A repeated uuid is a duplicate.
create table inbox (
  uuid text collate "C" primary key,
  method text not null,
  received_at timestamptz not null default now()
);
create index inbox_received on inbox using brin (received_at);

-- Names a holding of an operation, or of a lease: a higher number outranks a lower one.
create sequence fences as bigint;

create table operations (
  id bigint generated always as identity primary key,
  instance_uuid text collate "C" not null,
  verb text collate "C" not null,
  cause text collate "C" not null,
  created_at timestamptz not null default now(),
  deadline timestamptz not null,
  due_at timestamptz not null,
  lease_until timestamptz,
  holder text,
  fence bigint,
  attempt integer not null default 0,
  cancelled boolean not null default false,
  -- Something happened while it was held: when it is let go, it is due at once.
  woken boolean not null default false,
  step text,
  finished_at timestamptz,
  outcome text,
  reason text,
  memo json not null default '{}',
  origin json not null,
  parameters json not null,
  unique (instance_uuid, cause, verb)
) with (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05);
create index operations_due on operations (due_at, id) where finished_at is null;
-- By another column than the index above, so that neither is taken for the other.
create index operations_unfinished on operations (instance_uuid, id) where outcome is null;
create index operations_finished on operations using brin (finished_at);

create table launches (
  token text collate "C" primary key,
  -- Instance uuids; the place in the list is the launch index.
  members text[] not null,
  attempt integer not null,
  outcome text not null default 'intended',
  reason text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  offering json not null,
  parameters json not null
) with (fillfactor = 80);

create table launch_members (
  instance_uuid text collate "C" not null,
  token text collate "C" not null,
  primary key (instance_uuid, token)
);

create table provider_instances (
  uuid text collate "C" primary key,
  provider_id text collate "C" not null,
  launch_token text collate "C",
  zone text not null,
  state text not null,
  observed_at timestamptz not null,
  next_look_at timestamptz,
  created_at timestamptz not null default now(),
  observed json not null
) with (fillfactor = 70);
create index provider_instances_provider_id on provider_instances (provider_id);
create index provider_instances_next_look on provider_instances (next_look_at) where next_look_at is not null;

-- What the parent is to be told. Of reports (kinds `state` and `gone`) there is one row an instance; it stays until
-- it has been said twice, and for `gone` as a tombstone (due never) until it is purged. Every message has a row of its own.
create table outbox (
  id bigint generated always as identity primary key,
  uuid text collate "C",
  kind text collate "C" not null,
  version integer not null default 1,
  said integer not null default 0,
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  holder text,
  last_sent_at timestamptz,
  created_at timestamptz not null default now(),
  payload jsonb not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
create unique index outbox_report on outbox (uuid) where kind in ('state', 'gone');
create index outbox_message on outbox (uuid, id) where kind not in ('state', 'gone');
create index outbox_fresh on outbox (due_at, id) where said = 0;
create index outbox_repeat on outbox (due_at, id) where said > 0 and due_at < 'infinity';

create table leases (
  name text collate "C" primary key,
  holder text not null,
  fence bigint not null,
  expires_at timestamptz not null
);

create table buckets (
  name text collate "C" primary key,
  tokens double precision not null,
  granted double precision not null,
  refilled_at timestamptz not null
) with (fillfactor = 50);

create table rejected_messages (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  reason text not null,
  detail text not null,
  method text,
  message_uuid text,
  routing_key text not null,
  body text not null,
  body_bytes bigint not null
);

create table settled_values (
  key text collate "C" primary key,
  value text not null,
  created_at timestamptz not null default now()
);
