import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { launchKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update launches l set outcome = r.outcome, reason = r.reason, settled_at = now()
  from json_to_recordset($1::json) as r(token text, outcome text, reason text) where ${byKey('l.token', 'r.token')}`;

export const settleLaunch = writeKind<WriteOf<'settle-launch'>>({
  kind: 'settle-launch',
  keys: (write) => [launchKey(write.token)],
  mark: (write) => write.token,
  statements: (writes) => [{ name: 'settle-launch', text: TEXT, values: [toJsonText(writes)] }],
});
