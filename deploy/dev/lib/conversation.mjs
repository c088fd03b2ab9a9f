import { connect } from 'node:net';
import { PROBE_MS } from './timings.mjs';

/**
 * Talks to a server over one socket until `judge` has an answer: it gets all bytes received so
 * far and a `send` function, and returns undefined to hear more. Ends in `{ ok: false, why }`
 * when the server is silent, gone or not there.
 */
export function converse(target, hello, judge) {
  return new Promise((done) => {
    const socket = connect({ ...target, noDelay: true });
    let heard = Buffer.alloc(0);
    const finish = (answer) => {
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(PROBE_MS, () => finish({ ok: false, why: 'it does not answer' }));
    socket.once('error', (error) =>
      finish({ ok: false, why: error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message }),
    );
    socket.once('close', () => finish({ ok: false, why: 'it closed the connection (wrong user or password?)' }));
    socket.once('connect', () => hello.length > 0 && socket.write(hello));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const answer = judge(heard, (reply) => socket.write(reply));
      if (answer !== undefined) finish(answer);
    });
    if (hello.length === 0) socket.once('connect', () => finish({ ok: true }));
  });
}
