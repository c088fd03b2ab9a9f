import { checkCount, checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { instanceKey } from '../unit-keys.js';
import type { SetBandwidth } from '../write.js';
import { writeKind } from './write-kind.js';

/** nova keeps the rows of deleted instances, and `updated_at` beside `last_refreshed` (db/sqlalchemy/api.py `bw_usage_update`, Rocky). */
const TEXT = `insert into bw_usage_cache as b (uuid, mac, start_period, bw_in, bw_out, last_ctr_in, last_ctr_out, last_refreshed)
  select r.uuid, r.mac::varchar(255), r."startPeriod", r."bytesIn", r."bytesOut", r."lastCounterIn", r."lastCounterOut", r.at
  from json_to_recordset($1::json) as r(uuid text, mac text, "startPeriod" timestamp, "bytesIn" bigint, "bytesOut" bigint,
    "lastCounterIn" bigint, "lastCounterOut" bigint, at timestamp)
  on conflict (uuid, start_period, mac) do update set bw_in = excluded.bw_in, bw_out = excluded.bw_out,
    last_ctr_in = excluded.last_ctr_in, last_ctr_out = excluded.last_ctr_out, last_refreshed = excluded.last_refreshed,
    updated_at = excluded.last_refreshed
  where excluded.last_refreshed >= b.last_refreshed`;

export const setBandwidth = writeKind<SetBandwidth>({
  kind: 'set-bandwidth',
  keys: (write) => [instanceKey(write.uuid)],
  mark: (write) => `${write.uuid} ${write.mac} ${write.startPeriod.getTime()}`,
  check: (write) => {
    checkDate('startPeriod', write.startPeriod);
    checkDate('at', write.at);
    for (const name of ['bytesIn', 'bytesOut', 'lastCounterIn', 'lastCounterOut'] as const) checkCount(name, write[name]);
  },
  statements: (writes) => [{ name: 'set-bandwidth', text: TEXT, values: [toJsonText(writes)] }],
});
