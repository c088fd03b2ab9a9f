-- Machines that were taken in, not launched: `protected` ones are never ended by us, `deletable` ones like our own; null: launched.
alter table provider_instances add column adopted text collate "C" check (adopted in ('protected', 'deletable'));
