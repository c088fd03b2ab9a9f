import { once } from 'node:events';
import type { ProviderAbility } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import { WebSocket } from 'ws';
import type { ConsoleConfig } from '../../src/config/cell-config.js';
import { ConsoleGateway } from '../../src/console/gateway.js';
import type { Log } from '../../src/log.js';
import type { World } from '../operations/world.js';

const CONFIG: ConsoleConfig = {
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'ws://console.test/serial',
  cert: null,
  key: null,
  tokenTtlMs: 600_000,
  idleTimeoutMs: 600_000,
  maxConnections: 10,
  maxPerInstance: 2,
  frameAncestors: [],
};

/** Abilities that take a provider's consoles out of the gateway's hands. */
export const OWN_CONSOLES: readonly ProviderAbility[] = ['connectConsole', 'validateConsole'];

/** The sub-protocol of the page's screen. */
export const SCREEN = 'burstcell.screen';

/** How a console was closed: the code, and the reason that the client read. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Everything that was logged, as text. */
export class Lines {
  readonly texts: string[] = [];
  private readonly add = (facts: object, message: string) => void this.texts.push(`${message} ${JSON.stringify(facts)}`);
  readonly log: Log = { debug: this.add, info: this.add, warn: this.add, error: this.add };
}

/** A gateway on a simulated cloud, as a replica of its own. */
export class GatewayBed {
  readonly lines = new Lines();
  readonly provider: Simulator;
  readonly gateway: ConsoleGateway;
  readonly config: ConsoleConfig;
  private port = 0;

  constructor(
    private readonly world: World,
    config: Partial<ConsoleConfig> = {},
    without: readonly ProviderAbility[] = [],
  ) {
    this.config = { ...CONFIG, ...config };
    this.provider = new Simulator({ cloud: world.cloud, abilities: { without: [...OWN_CONSOLES, ...without] } });
    const { store } = world;
    this.gateway = new ConsoleGateway({ config: this.config, store, provider: this.provider, log: this.lines.log });
  }

  async start(): Promise<void> {
    this.port = await this.gateway.start();
  }

  /** An instance with a machine that runs. */
  async instance(): Promise<string> {
    return this.world.builtInstance();
  }

  /** A client that was handed a URL and follows it to this gateway. */
  async connect(uuid: string, protocols: readonly string[] = ['binary', 'base64']): Promise<Client> {
    const { token } = await this.gateway.tokens.issue(uuid, protocols.includes(SCREEN) ? 'novnc' : 'serial');
    return this.connectWith(token, protocols);
  }

  connectWith(token: string, protocols: readonly string[] = ['binary']): Client {
    const { port } = this;
    const scheme = this.config.cert === null ? 'ws' : 'wss';
    return new Client(
      new WebSocket(`${scheme}://127.0.0.1:${port}/serial?token=${token}`, [...protocols], { rejectUnauthorized: false }),
    );
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** The page's URL as a user gets it, but at this gateway's own address. */
  async pageUrl(uuid: string, type: 'novnc' | 'serial' = 'novnc'): Promise<string> {
    const { token } = await this.gateway.tokens.issue(uuid, type);
    return `${this.httpUrl}serial?token=${token}`;
  }
}

/** What a user's client sees. */
export class Client {
  screen = '';
  readonly closed: Promise<Closed>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.screen += String(data);
      socket.emit('screen');
    });
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  }

  async type(text: string): Promise<void> {
    if (this.socket.readyState === this.socket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(text);
  }

  /** Resolves once the text is on the screen; rejects when the console closes before. */
  async sees(text: string): Promise<void> {
    const closed = this.closed.then(({ code, reason }) => Promise.reject(new Error(`closed before: ${code} ${reason}`)));
    closed.catch(() => undefined);
    while (!this.screen.includes(text)) await Promise.race([once(this.socket, 'screen'), closed]);
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
