import { converse } from './conversation.mjs';

/** The methods of class connection (AMQP 0-9-1) that a log-in consists of. */
const CONNECTION = 10;
const START = 10;
const START_OK = 11;
const TUNE = 30;
const METHOD_FRAME = 1;
const FRAME_END = 0xce;

/**
 * Does a broker answer at this URL, and does it take this user and password? With TLS only
 * the port is tried. Never throws: `{ ok, why }`.
 */
export async function probeRabbit(url) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isTls = protocol === 'amqps:';
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isTls ? 5671 : 5672)) };
  if (isTls) return await converse(target, Buffer.alloc(0), () => undefined);

  const login = startOk(decodeURIComponent(username || 'guest'), decodeURIComponent(password || 'guest'));
  let isLoggingIn = false;
  return await converse(target, Buffer.from('AMQP\0\0\x09\x01', 'latin1'), (heard, send) => {
    if (heard.length >= 4 && heard.toString('latin1', 0, 4) === 'AMQP')
      return { ok: false, why: 'it speaks another AMQP version' };
    for (const method of methodsIn(heard)) {
      if (method === TUNE) return { ok: true };
      if (method !== START) return { ok: false, why: 'it refused the user or the password' };
      if (!isLoggingIn) send(login);
      isLoggingIn = true;
    }
    return undefined;
  });
}

/** The method numbers of the complete frames received so far. */
function methodsIn(bytes) {
  const methods = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at + 3);
    if (at + 8 + size > bytes.length) break;
    if (bytes[at] === METHOD_FRAME) methods.push(bytes.readUInt16BE(at + 9));
    at += 8 + size;
  }
  return methods;
}

function startOk(user, password) {
  const payload = Buffer.concat([
    uint16(CONNECTION),
    uint16(START_OK),
    uint32(0),
    shortString('PLAIN'),
    longString(`\0${user}\0${password}`),
    shortString('en_US'),
  ]);
  return Buffer.concat([Buffer.from([METHOD_FRAME, 0, 0]), uint32(payload.length), payload, Buffer.from([FRAME_END])]);
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function shortString(text) {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

function longString(text) {
  return Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)]);
}
