import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_KEEP_ALIVE_MS, MAX_REQUEST_CHARS } from './timings.js';

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  readonly url: string;
  /** Ends all connections at once. Repeat-safe. */
  close(): Promise<void>;
}

/** Listens on this machine only. Port 0 takes a free one. Rejects with the system's error when the port is taken. */
export async function listen(listener: RequestListener, port: number): Promise<ListeningServer> {
  const server = createServer({ keepAliveTimeout: HTTP_KEEP_ALIVE_MS }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body as text; rejects when the sender gives up or sends more than an EC2 call can hold. */
export async function readText(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_REQUEST_CHARS) throw new Error(`request body above ${MAX_REQUEST_CHARS} characters`);
  }
  return text;
}

/** Answers, unless the caller has gone. */
export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.destroyed || response.headersSent) return;
  const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(body ?? null)}\n`);
}
