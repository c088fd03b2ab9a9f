import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { SCREEN_PACE_MS } from '../timings.js';
import type { Ending } from './bridge.js';
import type { Look } from './screens.js';

/** What a watcher says to see the screen, and to have its server woken before; anything else is the former too. */
const WAKE = 'wake';

/**
 * Answers each message of a client with a look at the screen: a text with what is known as JSON, and after it the picture, if
 * there is one (`picture` in the text says of which type). A client sets the pace itself, up to a few looks a second: what it
 * says before it has taken its answer is not answered. Resolves when the client leaves or has said nothing for too long;
 * rejects as `look` does.
 */
export function watch(client: WebSocket, look: (wake: boolean) => Promise<Look>, idleMs: number): Promise<Ending> {
  let idle: NodeJS.Timeout | undefined;
  const ending = new Promise<Ending>((resolve, reject) => {
    let isLooking = false;
    let nextLook = Promise.resolve();
    const done = () => {
      nextLook = sleep(SCREEN_PACE_MS, undefined, { ref: false });
      isLooking = false;
    };
    idle = setTimeout(() => resolve('idle'), idleMs);
    client.once('close', () => resolve('left'));
    client.on('message', (data) => {
      idle?.refresh();
      if (isLooking) return;
      isLooking = true;
      const wake = String(data) === WAKE;
      nextLook.then(() => show(client, look(wake))).then(done, reject);
    });
    if (client.readyState === client.OPEN) client.resume();
    else resolve('left');
  });
  return ending.finally(() => clearTimeout(idle));
}

/** Resolves when the network has taken the answer; what cannot be sent is not missed. */
async function show(client: WebSocket, looking: Promise<Look>): Promise<void> {
  const { server, picture, reason } = await looking;
  const { contentType = null, takenAt = null } = picture ?? {};
  await sent(client, JSON.stringify({ server, picture: contentType, takenAt, reason: reason ?? null }));
  if (picture !== undefined) await sent(client, picture.image);
}

/** To a client that is gone too: its `close` tells of it. */
function sent(client: WebSocket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => client.send(data, { binary: typeof data !== 'string' }, () => resolve()));
}
