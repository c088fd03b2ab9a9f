import { toJsonText } from '../json-text.js';
import { imageKey, instanceKey } from '../unit-keys.js';
import type { RecordImage } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into images as p (image_id, instance_uuid, provider_image_id, name, kind, backup_type)
  select r."imageId", r."instanceUuid", r."providerImageId", r.name, r.kind, r."backupType"
  from json_to_recordset($1::json) as r("imageId" text, "instanceUuid" text, "providerImageId" text, name text, kind text,
    "backupType" text)
  on conflict (image_id, deleted) do update
  set provider_image_id = excluded.provider_image_id, updated_at = timezone('utc', now())
  where p.provider_image_id <> excluded.provider_image_id`;

export const recordImage = writeKind<RecordImage>({
  kind: 'record-image',
  keys: (write) => [imageKey(write.imageId), instanceKey(write.instanceUuid)],
  mark: (write) => write.imageId,
  statements: (writes) => [{ name: 'record-image', text: TEXT, values: [toJsonText(writes)] }],
});
