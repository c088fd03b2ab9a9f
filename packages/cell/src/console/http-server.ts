import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ConsoleConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import { CONSOLE_PAGE_SOCKETS, CONSOLE_REQUEST_MS } from '../timings.js';

/** With TLS where there is a certificate. Throws a {@link ConfigError} for files that cannot be read. */
export function makeServer({ cert, key, maxConnections }: ConsoleConfig, answer: RequestListener): Server {
  const limits = { headersTimeout: CONSOLE_REQUEST_MS, requestTimeout: CONSOLE_REQUEST_MS };
  const server =
    cert === null || key === null
      ? createServer(limits, answer)
      : createTlsServer({ ...limits, cert: read('cert', cert), key: read('key', key) }, answer);
  // Twice, so that those for whom there is no room can be told.
  server.maxConnections = 2 * maxConnections + CONSOLE_PAGE_SOCKETS;
  return server;
}

/** Resolves with the port. Rejects with a {@link ConfigError} when it cannot listen there. */
export async function listening(server: Server, { host, port }: ConsoleConfig): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`[console] listen: cannot listen on ${host}:${port} (${code})`, 'Name a free port of an own address.');
  }
  return (server.address() as AddressInfo).port;
}

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`[console] ${option}: ${path} cannot be read (${code})`, 'Name a PEM file that this user may read.');
  }
}
