import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { AddFault } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into instance_faults (instance_uuid, code, message, details, host)
  select r.uuid, r.code, r.message::varchar(255), r.details, r.host::varchar(255)
  from json_to_recordset($1::json) as r(uuid text, code integer, message text, details text, host text)`;

export const addFault = writeKind<AddFault>({
  kind: 'add-fault',
  keys: (write) => [instanceKey(write.uuid)],
  statements: (writes) => [{ name: 'add-fault', text: TEXT, values: [toJsonText(writes)] }],
});
