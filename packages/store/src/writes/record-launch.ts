import { toJsonText } from '../json-text.js';
import { instanceKey, launchKey } from '../unit-keys.js';
import type { RecordLaunch } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `
with r as materialized (
  select * from json_to_recordset($1::json) as r(token text, members json, attempt integer, offering json, parameters json)
), l as (
  insert into launches (token, members, attempt, offering, parameters)
  select r.token, array(select json_array_elements_text(r.members)), r.attempt, r.offering, r.parameters from r
  on conflict (token) do nothing returning token, members
)
insert into launch_members (instance_uuid, token) select m, l.token from l, unnest(l.members) m on conflict do nothing`;

export const recordLaunch = writeKind<RecordLaunch>({
  kind: 'record-launch',
  keys: (write) => [launchKey(write.token), ...write.members.map(instanceKey)],
  mark: (write) => write.token,
  statements: (writes) => [{ name: 'record-launch', text: TEXT, values: [toJsonText(writes)] }],
});
