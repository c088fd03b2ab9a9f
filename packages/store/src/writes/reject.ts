import { toJsonText } from '../json-text.js';
import type { Reject } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into rejected_messages (reason, detail, method, message_uuid, routing_key, body, body_bytes)
  select r.reason, r.detail, r.method, r."messageUuid", r."routingKey", r.body, r."bodyBytes"
  from json_to_recordset($1::json) as r(reason text, detail text, method text, "messageUuid" text, "routingKey" text,
    body text, "bodyBytes" bigint)`;

export const reject = writeKind<Reject>({
  kind: 'reject',
  keys: () => [],
  statements: (writes) => [{ name: 'reject', text: TEXT, values: [toJsonText(writes)] }],
});
