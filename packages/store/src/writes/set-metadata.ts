import { instanceKey } from '../unit-keys.js';
import { setValues } from './metadata-statements.js';
import { type WriteOf, writeKind } from './write-kind.js';

export const setMetadata = writeKind<WriteOf<'set-metadata'>>({
  kind: 'set-metadata',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  locksInstance: (write) => write.uuid,
  statements: (writes) => [setValues('instance_metadata', writes)],
});
