import type { ConsoleConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionGroup } from './option.js';
import type { OptionReader } from './option-reader.js';
import type { RawConfig } from './raw-config.js';

/** nova has a section of this name too (Queens on), so keys that are unknown here may be nova's. */
export const CONSOLE: OptionGroup = {
  name: 'console',
  owner: 'nova',
  intro:
    "The gateway to consoles, inside `burstcell run`. `nova get-vnc-console SERVER novnc` answers the URL of a page that shows the server's screen, where the provider takes pictures of it, and its serial console beside it. `nova get-serial-console` answers a web socket for clients of nova's serial proxy (sub-protocol `binary`); a browser that follows it as `http` sees a terminal.",
  options: [
    {
      name: 'listen',
      type: 'string',
      default: null,
      help: 'Address and port to listen on, `192.0.2.10:6083` or `[2001:db8::10]:6083`. Not set: there is no gateway, and users are told that there are no consoles.',
    },
    {
      name: 'public_url',
      type: 'url',
      default: null,
      defaultShown: 'made of `listen`',
      help: 'Where users reach the gateways of all replicas, `wss://console.example.org/`; the token is added to it. The page is at the same place, as `https` for `wss` and `http` for `ws`. Needed when `listen` is an address of all interfaces.',
    },
    {
      name: 'cert',
      type: 'string',
      default: null,
      help: 'PEM file with the certificate of the gateway. Without it the gateway speaks plain `ws` and `http`: put a proxy with TLS before it.',
    },
    { name: 'key', type: 'string', default: null, help: 'PEM file with the key of `cert`.' },
    {
      name: 'token_ttl_s',
      type: 'integer',
      default: '600',
      min: 1,
      help: "Seconds for which a URL that was handed out opens the console; nova's `[consoleauth] token_ttl`. Open consoles stay open.",
    },
    {
      name: 'idle_timeout_s',
      type: 'integer',
      default: '600',
      min: 1,
      help: 'Seconds without a byte in either direction after which a console is closed. EC2 gives a server one session at a time.',
    },
    {
      name: 'max_connections',
      type: 'integer',
      default: '100',
      min: 1,
      help: 'Consoles open at the same time in this process, screens among them.',
    },
    {
      name: 'max_per_instance',
      type: 'integer',
      default: '2',
      min: 1,
      help: 'Of these, serial consoles of one instance. Ten may watch its screen: they share one picture every few seconds.',
    },
    {
      name: 'frame_ancestors',
      type: 'list',
      default: null,
      help: "Sites that may show the page inside their own, `https://horizon.example.org`: Horizon's console tab does. Not set: none.",
    },
  ],
};

const LISTEN = /^(?:\[(?<six>[0-9a-f:.%]+)\]|(?<host>[^:[\]\s]+)):(?<port>\d{1,5})$/i;
const EVERY_INTERFACE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const LAST_PORT = 65_535;

/** Null: there is no gateway. */
export function consoleConfig(read: OptionReader, raw: RawConfig): ConsoleConfig | null {
  const listen = read.textOrNull('console', 'listen');
  if (listen === null) return null;
  const [cert, key] = [read.textOrNull('console', 'cert'), read.textOrNull('console', 'key')];
  if ((cert === null) !== (key === null)) {
    const [set, missing] = cert === null ? ['key', 'cert'] : ['cert', 'key'];
    throw wrong(raw, { name: set, problem: `is set without ${missing}`, remedy: 'Set both or neither.' });
  }
  return {
    ...address(listen, raw),
    publicUrl: publicUrl({ listen, isSecure: cert !== null, read, raw }),
    cert,
    key,
    tokenTtlMs: read.seconds('console', 'token_ttl_s'),
    idleTimeoutMs: read.seconds('console', 'idle_timeout_s'),
    maxConnections: read.number('console', 'max_connections'),
    maxPerInstance: read.number('console', 'max_per_instance'),
    frameAncestors: frameAncestors(read, raw),
  };
}

function address(listen: string, raw: RawConfig): { readonly host: string; readonly port: number } {
  const { six, host = six, port } = LISTEN.exec(listen)?.groups ?? {};
  if (host !== undefined && Number(port) > 0 && Number(port) <= LAST_PORT) return { host, port: Number(port) };
  throw wrong(raw, { name: 'listen', problem: `cannot be '${listen}'`, remedy: 'Write host:port, as 192.0.2.10:6083.' });
}

interface UrlParts {
  readonly listen: string;
  readonly isSecure: boolean;
  readonly read: OptionReader;
  readonly raw: RawConfig;
}

function publicUrl({ listen, isSecure, read, raw }: UrlParts): string {
  const url = read.textOrNull('console', 'public_url');
  if (url !== null) {
    if (URL.canParse(url) && /^wss?:/.test(url)) return url;
    throw wrong(raw, {
      name: 'public_url',
      problem: 'is no URL of a web socket',
      remedy: 'Write wss://host/ or ws://host:port/.',
    });
  }
  if (EVERY_INTERFACE.has(address(listen, raw).host)) {
    throw wrong(raw, { name: 'listen', problem: 'is no address that users can reach', remedy: 'Set [console] public_url too.' });
  }
  return `${isSecure ? 'wss' : 'ws'}://${listen}/`;
}

/** As Content-Security-Policy takes them (`frame-ancestors`): scheme, host and port. */
const ORIGIN = /^https?:\/\/[a-z0-9.*[\]:-]+$/i;

function frameAncestors(read: OptionReader, raw: RawConfig): readonly string[] {
  const sites = read.list('console', 'frame_ancestors');
  const strange = sites.find((site) => !ORIGIN.test(site));
  if (strange === undefined) return sites;
  const problem = `cannot have '${strange}'`;
  throw wrong(raw, { name: 'frame_ancestors', problem, remedy: 'Write origins, as https://horizon.example.org.' });
}

interface Wrong {
  readonly name: string;
  readonly problem: string;
  readonly remedy: string;
}

function wrong(raw: RawConfig, { name, problem, remedy }: Wrong): ConfigError {
  return new ConfigError(`[console] ${name} ${problem}`, remedy, raw.placeOf('console', name));
}
