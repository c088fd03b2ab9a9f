import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubRequest {
  method: string;
  /** Without query, doubled slashes and a slash at the end. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface StubAnswer {
  status: number;
  /** Travels as JSON; absent: no body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface HttpStub {
  url: string;
  close(): Promise<void>;
}

/** An HTTP server on a free port of the loopback. What `answer` knows nothing of is 404, as at the real services. */
export async function serveStub(answer: (request: StubRequest) => StubAnswer | undefined): Promise<HttpStub> {
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: StubRequest) => StubAnswer | undefined,
): Promise<void> {
  const request = await readRequest(incoming);
  const { status, body, headers } = answer(request) ?? notFound(request.path);
  const raw = body === undefined ? '' : JSON.stringify(body);
  outgoing.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(raw),
    ...headers,
  });
  outgoing.end(request.method === 'HEAD' ? undefined : raw);
}

async function readRequest(incoming: IncomingMessage): Promise<StubRequest> {
  let body = '';
  for await (const piece of incoming.setEncoding('utf8')) body += piece;
  const url = new URL(incoming.url ?? '/', 'http://stub');
  const path = url.pathname.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  return { method: incoming.method ?? 'GET', path, query: url.searchParams, headers: incoming.headers, body };
}

function notFound(path: string): StubAnswer {
  return { status: 404, body: { error: { code: 404, title: 'Not Found', message: path } } };
}
