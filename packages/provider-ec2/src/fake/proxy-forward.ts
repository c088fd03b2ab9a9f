import type { ServerResponse } from 'node:http';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { ec2Failure, NO_ANSWER } from './failures.js';
import { PROXY_SOCKETS } from './timings.js';

/** What the endpoint answered. */
export interface EndpointAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Headers that belong to one connection, or that would bring an answer we cannot read. */
const NOT_FORWARDED = ['host', 'connection', 'keep-alive', 'transfer-encoding', 'expect', 'accept-encoding'];

/** The endpoint behind a proxy. */
export class Endpoint {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: PROXY_SOCKETS });
  readonly #target: URL;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** Posts a form and reads the answer whole. Throws NetworkingError when there is none: its effect is then unknown. */
  post(body: string, headers: IncomingHttpHeaders): Promise<EndpointAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => reject(ec2Failure(NO_ANSWER, 'no answer from the endpoint behind the proxy', { cause }));
      const options = this.#options('POST', '/', { ...headers, 'content-length': String(Buffer.byteLength(body)) });
      const request = httpRequest(options, (response) => readAnswer(response).then(resolve, fail));
      request.once('error', fail);
      request.end(body);
    });
  }

  /** Hands any other request on as it is, and its answer back, both as streams. */
  pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const options = this.#options(incoming.method ?? 'GET', incoming.url ?? '/', incoming.headers);
    const onward = httpRequest(options, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.once('error', () => outgoing.destroy());
      response.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.once('error', () => onward.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  close(): void {
    this.#agent.destroy();
  }

  #options(method: string, path: string, headers: IncomingHttpHeaders): RequestOptions {
    const { hostname, port, host } = this.#target;
    return { agent: this.#agent, hostname, port, path, method, headers: { ...forwarded(headers), host } };
  }
}

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.includes(name)));
}

async function readAnswer(response: IncomingMessage): Promise<EndpointAnswer> {
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 502, contentType: response.headers['content-type'] ?? 'text/xml', body };
}
