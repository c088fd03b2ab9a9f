import type { WebSocket } from 'ws';
import type { Ending } from './bridge.js';
import type { Look } from './screens.js';

/** What a watcher says to see the screen, and to have its server woken before; anything else is the former too. */
const WAKE = 'wake';

/**
 * Answers each message of a client with a look at the screen: a text with what is known as JSON, and after it the picture, if
 * there is one (`picture` in the text says of which type). What a client says before it has its answer is not answered: it
 * sets the pace itself. Resolves when the client leaves or has said nothing for too long; rejects as `look` does.
 */
export function watch(client: WebSocket, look: (wake: boolean) => Promise<Look>, idleMs: number): Promise<Ending> {
  let idle: NodeJS.Timeout | undefined;
  const ending = new Promise<Ending>((resolve, reject) => {
    let isLooking = false;
    idle = setTimeout(() => resolve('idle'), idleMs);
    client.once('close', () => resolve('left'));
    client.on('message', (data) => {
      idle?.refresh();
      if (isLooking) return;
      isLooking = true;
      const done = () => {
        isLooking = false;
      };
      show(client, look(String(data) === WAKE)).then(done, reject);
    });
    if (client.readyState === client.OPEN) client.resume();
    else resolve('left');
  });
  return ending.finally(() => clearTimeout(idle));
}

/** What cannot be sent is not missed: the client is gone. */
async function show(client: WebSocket, looking: Promise<Look>): Promise<void> {
  const { server, picture, reason } = await looking;
  const { contentType = null, takenAt = null } = picture ?? {};
  client.send(JSON.stringify({ server, picture: contentType, takenAt, reason: reason ?? null }), ignore);
  if (picture !== undefined) client.send(picture.image, { binary: true }, ignore);
}

function ignore(): void {
  // Its `close` tells of it.
}
