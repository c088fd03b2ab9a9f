import { checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { byKey } from '../plan-by-key.js';
import { instanceKey } from '../unit-keys.js';
import type { ObserveProviderInstance } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `update provider_instances as p set launch_token = r."launchToken", zone = r.zone, state = r.state,
    observed = r.observed, observed_at = r."observedAt", next_look_at = r."nextLookAt"
  from json_to_recordset($1::json) as r(uuid text, "providerId" text, "launchToken" text, zone text, state text,
    observed json, "observedAt" timestamptz, "nextLookAt" timestamptz, "stateBefore" text, "nextLookBefore" timestamptz)
  where ${byKey('p.uuid', 'r.uuid')} and p.provider_id is not distinct from r."providerId"
    and p.state is not distinct from r."stateBefore"
    and p.next_look_at is not distinct from r."nextLookBefore"`;

export const observeProviderInstance = writeKind<ObserveProviderInstance>({
  kind: 'observe-provider-instance',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => write.uuid,
  check: (write) => {
    checkDate('observedAt', write.observedAt);
    if (write.nextLookAt !== null) checkDate('nextLookAt', write.nextLookAt);
  },
  statements: (writes) => {
    const rows = writes.map(({ before, ...row }) => ({
      ...row,
      stateBefore: before.state,
      nextLookBefore: before.nextLookAt,
    }));
    return [{ name: 'observe-provider-instance', text: TEXT, values: [toJsonText(rows)] }];
  },
});
