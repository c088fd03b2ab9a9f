-- Machines that carry this cell's mark and that no row knows. Ours; kept until the provider no longer shows them,
-- so that a restart forgets neither since when one was seen nor what was done about it.

create table strays (
  provider_id text collate "C" primary key,
  zone text not null,
  state text not null,
  launched_at timestamptz,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  sweeps integer not null default 1,
  quarantined_at timestamptz,
  ended_at timestamptz
);
