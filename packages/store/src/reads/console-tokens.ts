import type pg from 'pg';
import type { Store } from '../store.js';
import { rowOf, rowsOf } from './run-statement.js';

/** nova's table; the column `expires` holds seconds since 1970 (nova/objects/console_auth_token.py). */
const ADD = `insert into console_auth_tokens (token_hash, console_type, host, port, instance_uuid, expires)
  values ($1, $2, $3, $4, $5, ceil(extract(epoch from now()) + $6::double precision))`;

const STANDS = 't.expires > extract(epoch from now()) and i.deleted = 0';
const OF_LIVE = 'console_auth_tokens t join instances i on i.uuid = t.instance_uuid';

const FIND = `select t.instance_uuid as "instanceUuid", t.console_type as "consoleType"
  from ${OF_LIVE} where t.token_hash = $1 and ${STANDS}`;

const HOLDS = `select exists (select 1 from ${OF_LIVE}
  where t.instance_uuid = $1 and t.port = $2 and t.console_type = $3 and ${STANDS}) as holds`;

export function consoleTokens(pool: pg.Pool): Store['consoleTokens'] {
  return {
    async add({ tokenHash, instanceUuid, consoleType, host, port, ttlMs }) {
      const values = [tokenHash, consoleType, host, port, instanceUuid, ttlMs / 1000];
      await rowsOf(pool, { name: 'add-console-token', text: ADD, values });
    },

    async find(tokenHash) {
      type Found = { instanceUuid: string; consoleType: string };
      const [found] = await rowsOf<Found>(pool, { name: 'console-token', text: FIND, values: [tokenHash] });
      return found ?? null;
    },

    async holds({ instanceUuid, port, consoleType }) {
      const values = [instanceUuid, port, consoleType];
      return (await rowOf<{ holds: boolean }>(pool, { name: 'console-holds', text: HOLDS, values })).holds;
    },
  };
}
