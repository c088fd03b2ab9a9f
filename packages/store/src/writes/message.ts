import { StoreError } from '../errors.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { Message } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into outbox (uuid, kind, payload)
  select r.uuid, r.kind, r.payload from json_to_recordset($1::json) as r(uuid text, kind text, payload jsonb)`;

/** Kinds that mean a report, of which there is one an instance. */
const REPORT_KINDS: readonly string[] = ['state', 'gone'];

export const message = writeKind<Message>({
  kind: 'message',
  keys: (write) => (write.uuid === null ? [] : [instanceKey(write.uuid)]),
  check: (write) => {
    if (REPORT_KINDS.includes(write.kind)) throw new StoreError('bad-value', `${write.kind} is a report, not a message`);
  },
  statements: (writes) => [{ name: 'message', text: TEXT, values: [toJsonText(writes)], wakes: 'outbox' }],
});
