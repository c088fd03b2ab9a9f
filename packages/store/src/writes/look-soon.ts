import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/**
 * A look that is under way began before this: what it saw is then not recorded, and the next one is due
 * (`observe-provider-instance`). Whole milliseconds, since whoever looks hands the time back as a `Date`.
 */
const TEXT = `update provider_instances as p set next_look_at = date_trunc('milliseconds', now())
  from json_to_recordset($1::json) as r(uuid text, "providerId" text)
  where ${byKey('p.uuid', 'r.uuid')} and p.provider_id is not distinct from r."providerId"
    and (p.next_look_at is null or p.next_look_at > now())`;

export const lookSoon = writeKind<WriteOf<'look-soon'>>({
  kind: 'look-soon',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => [{ name: 'look-soon', text: TEXT, values: [toJsonText(writes)] }],
});
