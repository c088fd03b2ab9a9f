import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { BedUnavailable } from './unavailable.js';
import { until } from './wait.js';

/**
 * Runs `work` while no other process of this machine works under the same name. The lock is a bound socket of Linux's
 * abstract namespace: the kernel frees it when its holder dies, so that there is no stale lock to judge.
 * @throws BedUnavailable when the holder does not let go within `patienceMs`.
 */
export async function withLock<T>(name: string, patienceMs: number, work: () => Promise<T>, waiting?: () => void): Promise<T> {
  let told = false;
  const lock = await until(async () => {
    const taken = await take(name);
    if (taken === undefined && !told) waiting?.();
    told = true;
    return taken;
  }, patienceMs);
  if (lock === undefined) throw new BedUnavailable(`another process still works on ${name}`);

  try {
    return await work();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

function take(name: string): Promise<Server | undefined> {
  const address = `\0burstcell-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}
