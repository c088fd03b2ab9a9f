import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { SetProviderInstance } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into provider_instances as p
    (uuid, provider_id, launch_token, zone, state, observed, observed_at, next_look_at, adopted)
  select r.uuid, r."providerId", r."launchToken", r.zone, r.state, r.observed, r."observedAt", r."nextLookAt", r.adopted
  from json_to_recordset($1::json) as r(uuid text, "providerId" text, "launchToken" text, zone text, state text,
    observed json, "observedAt" timestamptz, "nextLookAt" timestamptz, adopted text)
  on conflict (uuid) do update set provider_id = excluded.provider_id, launch_token = excluded.launch_token,
    zone = excluded.zone, state = excluded.state, observed = excluded.observed, observed_at = excluded.observed_at,
    next_look_at = excluded.next_look_at,
    adopted = coalesce(excluded.adopted, case when p.provider_id = excluded.provider_id then p.adopted end)`;

export const setProviderInstance = writeKind<SetProviderInstance>({
  kind: 'set-provider-instance',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => {
    checkDate('observedAt', write.observedAt);
    if (write.nextLookAt !== null) checkDate('nextLookAt', write.nextLookAt);
  },
  statements: (writes) => [{ name: 'set-provider-instance', text: TEXT, values: [toJsonText(writes)] }],
});
