import { createServer } from 'node:net';

/** Below the range from which the kernel takes the ports of outgoing connections, so that none of those gets in the way. */
const LOWEST = 20_000;
const HIGHEST = 31_999;
const TRIES = 100;

/** A TCP port of the loopback that nobody listens on. Picked at random: two beds that start at once seldom meet. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
