import { createHash } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { SSH_KEEPALIVE_MS, SSH_READY_MS } from '../timings.js';

export interface ShellRequest {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly privateKey: string;
  /** Keys of the host, any of which is good: `SHA256:…`. */
  readonly fingerprints: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** No shell: the host showed another key, or anything else. */
export class SshRefusal extends Error {
  override readonly name = 'SshRefusal';

  constructor(
    readonly reason: 'host-key' | 'other',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * A shell by SSH, as one stream that ends the connection when it is destroyed. Rejects with a {@link SshRefusal}, or the
 * signal's reason. Nothing is sent to a host with another key, not even who asks.
 */
export async function openShell(request: ShellRequest): Promise<Duplex> {
  const { Client: SshClient } = (await import('ssh2')).default;
  const { host, port, username, privateKey, fingerprints, signal } = request;
  signal?.throwIfAborted();
  const client = new SshClient();
  let shown: string | undefined;
  const connecting = shellOf(client, signal);
  client.connect({
    host,
    port,
    username,
    privateKey,
    hostVerifier: (key: Buffer) => {
      shown = fingerprintOf(key);
      return fingerprints.includes(shown);
    },
    readyTimeout: SSH_READY_MS,
    keepaliveInterval: SSH_KEEPALIVE_MS,
  });
  try {
    return streamOf(client, await connecting);
  } catch (error) {
    client.destroy();
    signal?.throwIfAborted();
    const isStranger = shown !== undefined && !fingerprints.includes(shown);
    if (isStranger) throw new SshRefusal('host-key', `${host} showed the key ${shown}, which is not among those trusted`, error);
    throw new SshRefusal('other', `${host}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** As OpenSSH writes it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function shellOf(client: Client, signal: AbortSignal | undefined): Promise<ClientChannel> {
  let abort = () => {};
  const shell = new Promise<ClientChannel>((resolve, reject) => {
    abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    client.on('error', reject);
    client.on('close', () => reject(new Error('the connection was closed')));
    client.on('ready', () => client.shell((error, channel) => (error ? reject(error) : resolve(channel))));
  });
  return shell.finally(() => signal?.removeEventListener('abort', abort));
}

/** ssh2's channels wait for the other side before they are destroyed; this stream does not. */
function streamOf(client: Client, channel: ClientChannel): Duplex {
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk: Buffer, _encoding, done) => void channel.write(chunk, (error) => done(error ?? null)),
    final: (done) => void channel.end(() => done()),
    destroy: (error, done) => {
      client.end();
      done(error);
    },
  });
  channel.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) channel.pause();
  });
  channel.stderr.resume();
  channel.on('error', (error: Error) => stream.destroy(error));
  channel.on('end', () => stream.push(null));
  channel.on('close', () => stream.push(null));
  client.on('error', (error) => stream.destroy(error));
  client.on('close', () => stream.push(null));
  return stream;
}
