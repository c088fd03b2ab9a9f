import { join } from 'node:path';
import { converse } from './conversation.mjs';

const PROTOCOL_3_0 = 196_608;
const MAY_CREATE = 'select 1 from pg_roles where rolname = current_user and (rolcreatedb or rolsuper)';

/**
 * Does a PostgreSQL answer at this URL, let the user in without a password, and let it make
 * databases? When the URL has a password only the port is tried: the rest is the driver's
 * business. Never throws: `{ ok, why }`.
 */
export async function probePostgres(url) {
  const { hostname, port, username, password } = new URL(url);
  const host = decodeURIComponent(hostname);
  const portNumber = Number(port || 5432);
  const target = host.startsWith('/')
    ? { path: join(host, `.s.PGSQL.${portNumber}`) }
    : { host: host.replace(/^\[|\]$/g, ''), port: portNumber };
  if (password) return await converse(target, Buffer.alloc(0), () => undefined);

  let isAsked = false;
  return await converse(target, startup(decodeURIComponent(username || 'postgres')), (heard, send) => {
    for (const { kind, body } of messagesIn(heard)) {
      if (kind === 'E') return { ok: false, why: errorText(body) };
      if (kind === 'R' && body.readUInt32BE(0) !== 0) return { ok: false, why: 'it asks for a password' };
      if (kind === 'D') return { ok: true };
      if (kind === 'C') return { ok: false, why: 'its user may not create databases' };
      if (kind !== 'Z' || isAsked) continue;
      send(message('Q', Buffer.from(`${MAY_CREATE}\0`)));
      isAsked = true;
    }
    return undefined;
  });
}

function startup(user) {
  const words = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const bytes = Buffer.alloc(8 + words.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(PROTOCOL_3_0, 4);
  words.copy(bytes, 8);
  return bytes;
}

function message(kind, body) {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.write(kind, 0, 'latin1');
  bytes.writeUInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}

/** The complete messages received so far (PostgreSQL: Frontend/Backend Protocol, Message Formats). */
function messagesIn(bytes) {
  const messages = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) break;
    messages.push({ kind: String.fromCharCode(bytes[at]), body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return messages;
}

/** Field M of an ErrorResponse: the message for people. */
function errorText(body) {
  const field = body
    .toString('utf8')
    .split('\0')
    .find((text) => text.startsWith('M'));
  return field?.slice(1) ?? 'it refused';
}
