import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type Provider, ProviderError } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { ConsoleConfig } from '../config/cell-config.js';
import type { Log } from '../log.js';
import { CONSOLE_CLOSE_MS, CONSOLE_MESSAGE_BYTES, CONSOLE_OPEN_MS, SCREEN_WATCHERS } from '../timings.js';
import { bridge, type Ending } from './bridge.js';
import { listening, makeServer } from './http-server.js';
import { type View, viewsOf } from './offers.js';
import { ConsolePages } from './pages.js';
import { CloseCode, Refusal, refusalOf } from './refusal.js';
import { queryOf } from './request.js';
import { Screens } from './screens.js';
import { Seats } from './seats.js';
import { ConsoleTokens } from './tokens.js';
import { watch } from './watch.js';

export interface GatewayParts {
  readonly config: ConsoleConfig;
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
}

/** The sub-protocol of nova's serial proxy (websockify): bytes as they are. Clients that name none mean it too. */
const BYTES = 'binary';
/** The page's own: see {@link ./watch.ts}. */
const SCREEN = 'burstcell.screen';
/** RFC 6455, section 5.5: a close frame holds 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

const FAREWELLS: Readonly<Record<Ending, string>> = {
  ended: 'The console has been closed by its server.',
  idle: 'The console was closed because nothing happened in it.',
  left: '',
};

/**
 * Serves the consoles of instances to whoever brings a token, from any replica: the tokens are in the database. By HTTP there is
 * a page; what it shows, and what clients of serial consoles want, comes by web socket.
 * A token in the URL is all that counts, as it is no browser's to send by itself: the Origin is not looked at.
 */
export class ConsoleGateway {
  readonly tokens: ConsoleTokens;
  private readonly http: Server;
  private readonly clients: WebSocketServer;
  private readonly screens: Screens;
  private readonly seats: Readonly<Record<View, Seats>>;
  private readonly sessions = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: GatewayParts) {
    const { config, store, provider, log } = parts;
    this.tokens = new ConsoleTokens(store, config.publicUrl, config.tokenTtlMs);
    this.screens = new Screens({ store, provider, log, signal: this.stopping.signal });
    const pages = new ConsolePages({ config, tokens: this.tokens, screens: this.screens, provider, log });
    this.seats = { terminal: new Seats(config.maxPerInstance), screen: new Seats(SCREEN_WATCHERS) };
    this.http = makeServer(config, (request, response) => void pages.serve(request, response));
    const options: ServerOptions & { closeTimeout: number } = {
      server: this.http,
      maxPayload: CONSOLE_MESSAGE_BYTES,
      closeTimeout: CONSOLE_CLOSE_MS,
      perMessageDeflate: false,
      handleProtocols: (protocols) => [SCREEN, BYTES].find((each) => protocols.has(each)) ?? false,
    };
    this.clients = new WebSocketServer(options);
    // The HTTP server's errors come here too; `start` sees those that matter.
    this.clients.on('error', (err) => this.parts.log.warn({ err }, 'console gateway failed'));
    this.clients.on('connection', (client, request) => this.arrived(client, request));
  }

  /** Resolves with the port when clients are taken. Rejects with a `ConfigError` when it cannot listen there. */
  async start(): Promise<number> {
    const port = await listening(this.http, this.parts.config);
    this.parts.log.info({ host: this.parts.config.host, port }, 'console gateway is up');
    return port;
  }

  /** Takes nobody more, and tells those who are there. Resolves when all have left. Repeat-safe. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const closed = this.http.listening ? once(this.http, 'close') : undefined;
    this.http.close();
    this.http.closeAllConnections();
    for (const client of this.clients.clients) dismiss(client, CloseCode.goingAway, 'The gateway is going down; connect again.');
    await Promise.all(this.sessions);
    await closed;
  }

  private arrived(client: WebSocket, request: IncomingMessage): void {
    // Nothing is read of a client before there is something to give it to.
    client.pause();
    client.on('error', (err) => this.parts.log.debug({ err }, 'a console client broke the protocol'));
    const session = this.attend(client, request).finally(() => this.sessions.delete(session));
    this.sessions.add(session);
  }

  private async attend(client: WebSocket, request: IncomingMessage): Promise<void> {
    const remote = request.socket.remoteAddress ?? null;
    try {
      const ending = await this.serve(client, queryOf(request).query.get('token') ?? '', remote);
      dismiss(client, CloseCode.normal, FAREWELLS[ending]);
    } catch (error) {
      const { code, message } = refusalOf(error);
      this.parts.log.warn(
        { remote, code, reason: message, ...(error instanceof Refusal ? {} : { err: error }) },
        'console refused',
      );
      dismiss(client, code, message);
    }
  }

  private async serve(client: WebSocket, token: string, remote: string | null): Promise<Ending> {
    const { config, log } = this.parts;
    if (this.clients.clients.size > config.maxConnections)
      throw new Refusal(CloseCode.tryAgainLater, 'Too many consoles are open; try again later.');
    const view: View = client.protocol === SCREEN ? 'screen' : 'terminal';
    const uuid = await this.instanceFor(view, token);
    const leave = this.seats[view].take(uuid);
    try {
      const show = await this.begin(view, uuid, client);
      log.info({ uuid, remote, view }, 'console opened');
      const ending = await show();
      log.info({ uuid, remote, view, ending }, 'console closed');
      return ending;
    } finally {
      leave();
    }
  }

  private async instanceFor(view: View, token: string): Promise<string> {
    const found = await this.tokens.find(token);
    if (found === null) throw new Refusal(CloseCode.policyViolation, 'The token is unknown or has expired; ask for a new URL.');
    if (!viewsOf(found.consoleType, this.parts.provider).includes(view))
      throw new Refusal(CloseCode.policyViolation, `This URL opens no ${view}; ask for a URL of another type of console.`);
    return found.instanceUuid;
  }

  /** What then shows the client the console until one of them ends. */
  private async begin(view: View, uuid: string, client: WebSocket): Promise<() => Promise<Ending>> {
    const { idleTimeoutMs } = this.parts.config;
    if (view === 'screen') return () => watch(client, (wake) => this.screens.look(uuid, wake), idleTimeoutMs);
    const serial = await this.open(uuid, client);
    return () => bridge(client, serial, idleTimeoutMs);
  }

  private async open(uuid: string, client: WebSocket) {
    const { store, provider } = this.parts;
    const machine = (await store.providerInstances.of([uuid])).get(uuid);
    if (machine === undefined) throw new Refusal(CloseCode.tryAgainLater, 'The server has no console yet; try again later.');
    if (provider.openSerial === undefined) throw new ProviderError('unsupported', 'This cloud has no serial consoles.');
    const gone = new AbortController();
    client.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.stopping.signal, AbortSignal.timeout(CONSOLE_OPEN_MS)]);
    return provider.openSerial(machine.providerId, { signal });
  }
}

/** The reason goes into the close frame and, as terminals show no such thing, onto the screen. */
function dismiss(client: WebSocket, code: number, reason: string): void {
  if (client.readyState !== client.OPEN) return;
  client.resume();
  if (reason !== '' && client.protocol !== SCREEN) client.send(Buffer.from(`\r\n${reason}\r\n`));
  client.close(
    code,
    Buffer.from(reason)
      .subarray(0, MAX_REASON_BYTES)
      .toString()
      .replace(/\uFFFD$/, ''),
  );
}
