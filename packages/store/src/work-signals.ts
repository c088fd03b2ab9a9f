import pg from 'pg';
import { connectionOptions } from './database.js';
import type { WorkSort } from './sql-statement.js';
import { LISTEN_BACKOFF_LONGEST_MS, LISTEN_BACKOFF_MS } from './timings.js';
import { parseWorkPayload, WORK_CHANNEL } from './work-channel.js';

type Listener = () => void;

/**
 * Tells workers of this process that there is work: at once when it was committed here, and by LISTEN/NOTIFY when
 * another replica did. Listens from the first listener on, connects again for ever, and after each reconnect wakes
 * everybody, since what was said meanwhile is lost.
 */
export class WorkSignals {
  readonly #url: string;
  readonly #origin: string;
  readonly #listeners: Readonly<Record<WorkSort, Set<Listener>>> = { operations: new Set(), outbox: new Set() };
  #client: pg.Client | null = null;
  #isStarted = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | null = null;
  #backoffMs = LISTEN_BACKOFF_MS;

  constructor(url: string, origin: string) {
    this.#url = url;
    this.#origin = origin;
  }

  onWork(sort: WorkSort, listener: Listener): () => void {
    const own = () => listener();
    this.#listeners[sort].add(own);
    if (!this.#isStarted) {
      this.#isStarted = true;
      void this.#connect();
    }
    return () => void this.#listeners[sort].delete(own);
  }

  wake(sort: WorkSort): void {
    for (const listener of this.#listeners[sort]) listener();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(connectionOptions(this.#url));
    this.#client = client;
    client.on('error', () => {});
    client.on('end', () => this.#again(client));
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${WORK_CHANNEL}`);
      this.#backoffMs = LISTEN_BACKOFF_MS;
      this.wake('operations');
      this.wake('outbox');
    } catch {
      await client.end().catch(() => {});
      this.#again(client);
    }
  }

  #hear(payload: string): void {
    const said = parseWorkPayload(payload);
    if (said !== null && said.origin !== this.#origin) this.wake(said.sort);
  }

  #again(client: pg.Client): void {
    if (this.#isClosed || this.#client !== client) return;
    this.#client = null;
    this.#retry = setTimeout(() => void this.#connect(), this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, LISTEN_BACKOFF_LONGEST_MS);
  }
}
