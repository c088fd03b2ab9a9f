import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { StartAction } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into instance_actions (instance_uuid, action, request_id, user_id, project_id, start_time, updated_at)
  select r.uuid, r.action::varchar(255), r."requestId"::varchar(255), r."userId"::varchar(255), r."projectId"::varchar(255), r.at, r.at
  from json_to_recordset($1::json) as r(uuid text, action text, "requestId" text, "userId" text, "projectId" text, at timestamp)`;

export const startAction = writeKind<StartAction>({
  kind: 'start-action',
  keys: (write) => [instanceKey(write.uuid)],
  check: (write) => checkDate('at', write.at),
  statements: (writes) => [{ name: 'start-action', text: TEXT, values: [toJsonText(writes)] }],
});
