import { isIP } from 'node:net';
import { type ChannelModel, connect as connectAmqp } from 'amqplib';
import { CONNECT_TIMEOUT_MS, HEARTBEAT_SECONDS, RECONNECT_FIRST_MS, RECONNECT_MAX_MS, SOCKET_BUFFER_BYTES } from '../timings.js';
import { abortableDelay, jittered } from './delays.js';
import { gatherWrites, socketOf } from './gather-writes.js';
import type { TransportHost } from './transport-url.js';
import type { Backoff, TransportLog, TransportOptions } from './types.js';

/** Node's streams take it, and hand it on from `net.connect` and `tls.connect`; amqplib's types do not name it. */
const ROOM_TO_GATHER: object = { writableHighWaterMark: SOCKET_BUFFER_BYTES };

export interface LinkEvents {
  connecting(host: string, attempts: number, error?: Error): void;
  up(model: ChannelModel, host: string): void;
  /** The connection is gone; another is being looked for unless `close` was called. */
  down(error: Error): void;
}

/** Keeps one AMQP connection, over all hosts of a URL, for ever. */
export class AmqpLink {
  readonly #options: TransportOptions;
  readonly #events: LinkEvents;
  readonly #backoff: Backoff;
  readonly #log: TransportLog | undefined;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #model: ChannelModel | null = null;
  #attempts = 0;
  #next = 0;

  constructor(options: TransportOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#log = options.log;
    this.#backoff = { firstMs: RECONNECT_FIRST_MS, maxMs: RECONNECT_MAX_MS, ...options.backoff };
    this.#done = this.#run();
  }

  /** An attempt under way is not waited for: should it succeed, it closes what it opened. */
  async close(): Promise<void> {
    this.#stop.abort();
    if (this.#model === null) return;
    await this.#model.close().catch(() => undefined);
    await this.#done;
  }

  async #run(): Promise<void> {
    // Lets the owner finish its constructor before the first event.
    await Promise.resolve();
    while (!this.#stop.signal.aborted) {
      const host = this.#takeHost();
      const ended = await this.#once(host).catch(toError);
      if (this.#stop.signal.aborted) return;
      this.#attempts += 1;
      this.#events.connecting(label(host), this.#attempts, ended);
      this.#log?.warn({ host: label(host), attempts: this.#attempts, err: ended }, 'no connection to the broker');
      await this.#pause();
    }
  }

  /** One connection from beginning to end. Rejects, or resolves with the reason of its end. */
  async #once(host: TransportHost): Promise<Error> {
    const model = await this.#open(host);
    let reason = new Error('the broker closed the connection');
    model.on('error', (error) => {
      reason = error;
    });
    const closed = new Promise<void>((resolve) => {
      model.on('close', (cause) => {
        reason = cause ?? reason;
        resolve();
      });
    });
    model.on('blocked', (why: string) => this.#log?.warn({ host: label(host), why }, 'the broker accepts no messages for now'));
    model.on('unblocked', () => this.#log?.info({ host: label(host) }, 'the broker accepts messages again'));
    if (this.#stop.signal.aborted) await model.close().catch(() => undefined);
    else await this.#hold(model, host, closed);
    return reason;
  }

  async #hold(model: ChannelModel, host: TransportHost, closed: Promise<void>): Promise<void> {
    this.#model = model;
    const since = Date.now();
    this.#log?.info({ host: label(host) }, 'connected to the broker');
    this.#events.up(model, label(host));
    await closed;
    this.#model = null;
    // One that broke at once counts as a failed attempt, or a broker that throws us out would be asked without pause.
    if (Date.now() - since > this.#backoff.maxMs) this.#attempts = 0;
    this.#events.down(new Error(`connection to ${label(host)} lost`));
  }

  async #open(host: TransportHost): Promise<ChannelModel> {
    const { urls, tls, connectionName } = this.#options;
    const secure = tls !== undefined || urls.scheme === 'amqps';
    const model = await connectAmqp(
      {
        protocol: secure ? 'amqps' : 'amqp',
        hostname: host.hostname,
        port: host.port,
        username: host.username,
        password: host.password,
        // amqplib decodes the virtual host once more.
        vhost: encodeURIComponent(urls.virtualHost),
        heartbeat: this.#options.heartbeatSeconds ?? HEARTBEAT_SECONDS,
      },
      {
        // Without it every small frame waits for the peer's delayed acknowledgement: 40 ms a message.
        noDelay: true,
        ...ROOM_TO_GATHER,
        keepAlive: true,
        timeout: CONNECT_TIMEOUT_MS,
        clientProperties: { connection_name: connectionName },
        ...(isIP(host.hostname) || !secure ? {} : { servername: host.hostname }),
        ...tls,
      },
    );
    const socket = socketOf(model.connection);
    if (socket !== undefined) gatherWrites(socket);
    return model;
  }

  #takeHost(): TransportHost {
    const { hosts } = this.#options.urls;
    const host = hosts[this.#next % hosts.length];
    this.#next += 1;
    if (host === undefined) throw new Error('a transport URL has at least one host');
    return host;
  }

  /** None before every host was tried once; then longer each round. */
  async #pause(): Promise<void> {
    const round = Math.floor(this.#attempts / this.#options.urls.hosts.length);
    if (round === 0) return;
    const waitMs = Math.min(this.#backoff.maxMs, this.#backoff.firstMs * 2 ** Math.min(round - 1, 20));
    await abortableDelay(jittered(waitMs), this.#stop.signal);
  }
}

function label(host: TransportHost): string {
  return `${host.hostname}:${host.port}`;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
