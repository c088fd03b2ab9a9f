import { toJsonText } from '../json-text.js';
import { byKey, isLive } from '../plan-by-key.js';
import { imageKey } from '../unit-keys.js';
import { type WriteOf, writeKind } from './write-kind.js';

const TEXT = `update images p set deleted = p.id, deleted_at = timezone('utc', now())
  from json_to_recordset($1::json) as r("imageId" text) where ${byKey('p.image_id', 'r."imageId"')} and ${isLive('p')}`;

export const forgetImage = writeKind<WriteOf<'forget-image'>>({
  kind: 'forget-image',
  keys: (write) => [imageKey(write.imageId)],
  mark: (write) => write.imageId,
  statements: (writes) => [{ name: 'forget-image', text: TEXT, values: [toJsonText(writes)] }],
});
