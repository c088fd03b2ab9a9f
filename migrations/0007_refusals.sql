-- What the provider refused lately: shared, so that replicas do not each knock at a door that is closed.

create table refusals (
  key text collate "C" primary key,
  until timestamptz not null
);
