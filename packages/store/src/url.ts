import { StoreError } from './errors.js';

/** Query keys that only mean something to a Python driver. */
const PYTHON_ONLY = new Set(['client_encoding', 'charset', 'plugin', 'use_unicode', 'use_native_unicode']);

/** What a database URL names, without the driver that SQLAlchemy puts behind the dialect. */
export interface DatabaseUrl {
  readonly dialect: 'postgresql' | 'mysql';
  /** For the driver: `postgresql://…` or `mysql://…`. */
  readonly url: string;
}

const DIALECTS: Readonly<Record<string, DatabaseUrl['dialect']>> = {
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
};

/**
 * Understands `postgresql://…`, `postgres://…`, `mysql://…` and SQLAlchemy's `dialect+driver://…`.
 * Throws a `StoreError` of kind `bad-value` that never repeats the password.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const match = /^([a-z]+)(?:\+\w+)?:\/\/(.*)$/s.exec(text.trim());
  const dialect = DIALECTS[match?.[1] ?? ''];
  if (match === null || dialect === undefined) {
    throw new StoreError('bad-value', 'not a database URL: write postgresql://user:password@host/database');
  }
  return { dialect, url: `${dialect}://${withoutPythonOptions(match[2] ?? '')}` };
}

/** The driver's URL of a PostgreSQL database; other dialects are refused. */
export function postgresUrl(text: string): string {
  const { dialect, url } = parseDatabaseUrl(text);
  if (dialect === 'postgresql') return url;
  throw new StoreError('bad-value', "the cell's own database must be PostgreSQL: [database] connection = postgresql://…");
}

function withoutPythonOptions(rest: string): string {
  const [address = '', query] = rest.split('?', 2);
  if (query === undefined) return address;
  const kept = query.split('&').filter((pair) => !PYTHON_ONLY.has(pair.split('=')[0] ?? ''));
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}
