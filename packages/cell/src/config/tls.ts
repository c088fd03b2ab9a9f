import { readFileSync } from 'node:fs';
import type { RabbitConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';

/** What the wire package's transport takes as `tls`. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads the files that the `ssl_…` options name; undefined when `ssl` is off. Unlike
 * oslo.messaging, which checks no certificate without an `ssl_ca_file`, the system's
 * authorities are asked then. Throws a {@link ConfigError} for a file that cannot be read.
 */
export function readTlsFiles({ ssl, sslCaFile, sslCertFile, sslKeyFile }: RabbitConfig): TlsFiles | undefined {
  if (!ssl) return undefined;
  return {
    ...(sslCaFile === null ? {} : { ca: read('ssl_ca_file', sslCaFile) }),
    ...(sslCertFile === null ? {} : { cert: read('ssl_cert_file', sslCertFile) }),
    ...(sslKeyFile === null ? {} : { key: read('ssl_key_file', sslKeyFile) }),
  };
}

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(
      `[oslo_messaging_rabbit] ${option}: ${path} cannot be read (${code})`,
      'Name a PEM file that this user may read.',
    );
  }
}
