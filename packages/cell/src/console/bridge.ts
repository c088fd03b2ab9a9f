import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Why a console was closed: the machine's side ended it, the client left, nothing was said for too long. */
export type Ending = 'ended' | 'left' | 'idle';

/**
 * Carries bytes between a client and a serial console until either ends; the console is ended then, the client is not.
 * Neither side is read faster than the other takes it. Rejects with what the console failed with.
 */
export async function bridge(client: WebSocket, serial: Duplex, idleMs: number): Promise<Ending> {
  let ending: Ending = 'ended';
  const end = (why: Ending) => {
    ending = why;
    serial.destroy();
  };
  const idle = setTimeout(() => end('idle'), idleMs);
  client.once('close', () => end('left'));
  client.on('message', (data) => {
    idle.refresh();
    toSerial(client, serial, data as Buffer);
  });
  // What it fails with is seen by whoever reads it; it may fail once more after that.
  serial.on('error', () => undefined);
  if (client.readyState !== client.OPEN) end('left');
  else client.resume();
  try {
    for await (const chunk of serial) {
      await toClient(client, serial, chunk as Buffer);
      idle.refresh();
    }
  } catch (error) {
    if (ending === 'ended') throw error;
  } finally {
    clearTimeout(idle);
    serial.destroy();
  }
  return ending;
}

/** Text or binary, as clients like: what it holds is bytes. */
function toSerial(client: WebSocket, serial: Duplex, data: Buffer): void {
  if (!serial.writable || serial.write(data)) return;
  client.pause();
  serial.once('drain', () => client.resume());
}

/** Resolves when the network has taken it, or nobody waits for that any more: the client is gone, or the console is. */
function toClient(client: WebSocket, serial: Duplex, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    serial.once('close', resolve);
    client.send(chunk, { binary: true }, () => {
      serial.off('close', resolve);
      resolve();
    });
  });
}
