import type { Statement } from '../sql-statement.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** A held one is marked, so that it is due at once when it is let go: what happened may be news to its holder. */
const TEXT = `update operations o set woken = true, due_at = least(o.due_at, now())
  where o.instance_uuid = any($1::text[]) and o.outcome is null`;

export const wakeOperations = writeKind<WriteOf<'wake-operations'>>({
  kind: 'wake-operations',
  keys: (write) => [instanceKey(write.uuid)],
  statements: (writes): readonly Statement[] => [
    { name: 'wake-operations', text: TEXT, values: [writes.map((write) => write.uuid)], wakes: 'operations' },
  ],
});
