import { WireError } from '../errors.js';

export interface TransportHost {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** A broker as nova writes it: `rabbit://user:password@host:port,user:password@host2:port/vhost?option=value`. */
export interface ParsedTransportUrl {
  /** As written: `rabbit`, `kombu`, `amqp` or `amqps`. `amqps` asks for TLS. */
  readonly scheme: string;
  /** In the order to try them; never empty. */
  readonly hosts: readonly TransportHost[];
  /** Decoded; `/` where the URL names none. */
  readonly virtualHost: string;
  readonly query: Readonly<Record<string, string>>;
}

const SCHEMES = new Set(['rabbit', 'kombu', 'amqp', 'amqps']);
const DEFAULT_PORT = 5672;
const DEFAULT_TLS_PORT = 5671;
const MAX_PORT = 65_535;

/**
 * Reads a `transport_url`, percent-decoding user, password and virtual host. A missing user or
 * password is taken from the host before it, as oslo.messaging does up to Liberty, else `guest`.
 * The doubled form that some releases' `nova-manage cell create` writes
 * (`user:password@host:port,user:password@host:port/vhost`, or a bare `host,host/vhost`) reads as one host.
 * Throws WireError `bad-arguments`, whose text never quotes the password.
 */
export function parseTransportUrl(url: string): ParsedTransportUrl {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^?#]*)(?:\?([^#]*))?$/i.exec(url.trim());
  if (!match) throw bad('it has not the form scheme://user:password@host:port/vhost');
  const scheme = (match[1] ?? '').toLowerCase();
  if (!SCHEMES.has(scheme)) throw bad(`scheme ${scheme} is none of ${[...SCHEMES].join(', ')}`);

  const { authority, path } = splitPath(match[2] ?? '');
  const defaultPort = scheme === 'amqps' ? DEFAULT_TLS_PORT : DEFAULT_PORT;
  return { scheme, hosts: parseHosts(authority, defaultPort), virtualHost: virtualHostOf(path), query: parseQuery(match[3]) };
}

/** Writes a URL that {@link parseTransportUrl} and every release's nova read alike. */
export function formatTransportUrl(url: ParsedTransportUrl): string {
  return format(url, (host) => `${encodeURIComponent(host.username)}:${encodeURIComponent(host.password)}`);
}

/** The same with `***` for every password: for logs and errors. */
export function redactTransportUrl(url: ParsedTransportUrl): string {
  return format(url, (host) => `${encodeURIComponent(host.username)}:***`);
}

function format(url: ParsedTransportUrl, credentials: (host: TransportHost) => string): string {
  const hosts = url.hosts.map((host) => `${credentials(host)}@${bracketed(host.hostname)}:${host.port}`);
  const query = new URLSearchParams(url.query).toString();
  return `${url.scheme}://${hosts.join(',')}/${encodeVirtualHost(url.virtualHost)}${query === '' ? '' : `?${query}`}`;
}

/** nova-manage stores `/` as `//` from Icehouse on, and oslo.messaging takes everything after the first slash. */
function encodeVirtualHost(virtualHost: string): string {
  return virtualHost === '/' ? '/' : encodeURIComponent(virtualHost);
}

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

/** The last `@` ends the credentials; a slash before it belongs to a password that was not encoded. */
function splitPath(rest: string): { authority: string; path: string } {
  const slash = rest.indexOf('/', rest.lastIndexOf('@') + 1);
  return slash < 0 ? { authority: rest, path: '' } : { authority: rest.slice(0, slash), path: rest.slice(slash + 1) };
}

function virtualHostOf(path: string): string {
  const decoded = decode(path, 'virtual host');
  return decoded === '' ? '/' : decoded;
}

function parseHosts(authority: string, defaultPort: number): TransportHost[] {
  const hosts: TransportHost[] = [];
  for (const part of authority.split(',')) {
    const host = parseHost(part, hosts.at(-1), defaultPort);
    const seen = hosts.some((other) => other.hostname === host.hostname && other.port === host.port);
    if (!seen) hosts.push(host);
  }
  return hosts;
}

function parseHost(text: string, previous: TransportHost | undefined, defaultPort: number): TransportHost {
  const at = text.lastIndexOf('@');
  const credentials = at < 0 ? undefined : text.slice(0, at);
  const colon = credentials?.indexOf(':') ?? -1;
  const username = credentials === undefined ? previous?.username : colon < 0 ? credentials : credentials.slice(0, colon);
  const password = credentials === undefined ? previous?.password : colon < 0 ? '' : credentials.slice(colon + 1);
  const inherited = credentials === undefined;
  return {
    ...parseAddress(text.slice(at + 1), defaultPort),
    username: inherited ? (username ?? 'guest') : decode(username ?? '', 'user name'),
    password: inherited ? (password ?? 'guest') : decode(password ?? '', 'password'),
  };
}

function parseAddress(address: string, defaultPort: number): { hostname: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d*))?$/.exec(address);
  if (!match) throw bad(`host ${JSON.stringify(address)} is not understood (an IPv6 address stands in brackets)`);
  const hostname = decode(match[1] ?? match[2] ?? '', 'host');
  const port = match[3] ? Number(match[3]) : defaultPort;
  if (port < 1 || port > MAX_PORT) throw bad(`port ${port} is not between 1 and ${MAX_PORT}`);
  return { hostname: hostname === '' ? 'localhost' : hostname, port };
}

function parseQuery(text: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text ?? ''));
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new WireError('bad-arguments', `transport_url: its ${what} has a percent sign that starts no escape`, { cause });
  }
}

function bad(reason: string): WireError {
  return new WireError('bad-arguments', `transport_url: ${reason}`);
}
