import { createHash, randomBytes } from 'node:crypto';
import type { ConsoleConnection } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import type { OwnConsoleType } from './offers.js';

const TOKEN_BYTES = 32;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 };

/** What opens consoles: handed out to who may, good for a while and as often as wanted, as nova's own; kept as hashes. */
export class ConsoleTokens {
  constructor(
    private readonly store: Store,
    /** Of a web socket; the page is at the same place. */
    private readonly publicUrl: string,
    private readonly ttlMs: number,
  ) {}

  /** The URL of a serial console is a web socket's, as its clients expect; that of a screen is a page's. */
  async issue(instanceUuid: string, type: OwnConsoleType): Promise<ConsoleConnection> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const socketUrl = new URL(this.publicUrl);
    const { hostname: host } = socketUrl;
    const port = portOf(socketUrl);
    const { ttlMs } = this;
    await this.store.consoleTokens.add({ tokenHash: hashOf(token), instanceUuid, consoleType: type, host, port, ttlMs });
    const url = type === 'serial' ? socketUrl : new URL(this.publicUrl.replace(/^ws/i, 'http'));
    url.searchParams.set('token', token);
    return { token, accessUrl: url.href, host, port, internalAccessPath: null };
  }

  /** The instance that the token opens, and for which type of console it was handed out; null when it opens none. */
  async find(token: string): Promise<{ readonly instanceUuid: string; readonly consoleType: string } | null> {
    return this.store.consoleTokens.find(hashOf(token));
  }

  /** Whether a URL of that port and type was handed out for the instance and still opens its console. */
  async validate(instanceUuid: string, port: string, consoleType: string): Promise<boolean> {
    if (Number(port) !== portOf(new URL(this.publicUrl))) return false;
    return this.store.consoleTokens.holds({ instanceUuid, port: Number(port), consoleType });
  }
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (DEFAULT_PORTS[protocol] ?? 0);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
