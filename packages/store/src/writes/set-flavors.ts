import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

/** nova keeps the three flavors of an instance as one JSON text (`instance_extra.flavor`, keys cur, old, new; Kilo and later). */
const TEXT = `update instance_extra x
  set flavor = r.flavors::text, updated_at = timezone('utc', now())
  from json_to_recordset($1::json) as r(uuid text, flavors json) where ${byKey('x.instance_uuid', 'r.uuid')} and ${isLive('x')}`;

export const setFlavors = writeKind<WriteOf<'set-flavors'>>({
  kind: 'set-flavors',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  statements: (writes) => {
    const records = writes.map((write) => ({
      uuid: write.uuid,
      flavors: { cur: write.flavor, old: write.oldFlavor, new: write.newFlavor },
    }));
    return [{ name: 'set-flavors', text: TEXT, values: [toJsonText(records)] }];
  },
});
