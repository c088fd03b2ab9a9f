import { createHash, randomBytes } from 'node:crypto';
import type { ConsoleConnection } from '@burstcell/provider';
import type { Store } from '@burstcell/store';

const TOKEN_BYTES = 32;
const CONSOLE_TYPE = 'serial';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 };

/** What opens consoles: handed out to who may, good for a while and as often as wanted, as nova's own; kept as hashes. */
export class ConsoleTokens {
  constructor(
    private readonly store: Store,
    private readonly publicUrl: string,
    private readonly ttlMs: number,
  ) {}

  async issue(instanceUuid: string): Promise<ConsoleConnection> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const url = new URL(this.publicUrl);
    const { hostname: host } = url;
    const port = portOf(url);
    const { ttlMs } = this;
    await this.store.consoleTokens.add({ tokenHash: hashOf(token), instanceUuid, consoleType: CONSOLE_TYPE, host, port, ttlMs });
    url.searchParams.set('token', token);
    return { token, accessUrl: url.href, host, port, internalAccessPath: null };
  }

  /** The instance that the token opens; null when it opens none. */
  async instanceOf(token: string): Promise<string | null> {
    return (await this.store.consoleTokens.find(hashOf(token)))?.instanceUuid ?? null;
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
