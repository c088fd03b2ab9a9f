import type { AddressInfo } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import { freshKeyPair } from '../verbs/ssh-keys.js';
import { fingerprintOf } from '../verbs/ssh-shell.js';
import type { FakeEc2 } from './fake-ec2.js';

export interface SerialServer {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
  /** Keys and names that were shown to it so far. */
  attempts(): number;
  close(): Promise<void>;
}

/** AWS's end of serial consoles: lets in who pushed a key, greets, and says back what it is told. One session for each instance. */
export async function startSerialServer(fake: FakeEc2): Promise<SerialServer> {
  const { Server, utils } = (await import('ssh2')).default;
  const { privateKey: hostKey } = await freshKeyPair('fake');
  const parsed = utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  const connections = new Set<Connection>();
  const attended = new Set<string>();
  let attempts = 0;
  const server = new Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined).on('close', () => connections.delete(connection));
    let id = '';
    connection.on('authentication', (attempt) => {
      attempts += 1;
      id = attempt.username.replace(/\.port0$/, '');
      if (attempt.method === 'publickey' && isPushed(fake.serialKey(id), attempt.key.data)) attempt.accept();
      else attempt.reject(['publickey']);
    });
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (acceptPty) => acceptPty());
      session.on('shell', (acceptShell, reject) => {
        if (attended.has(id)) return void reject();
        attended.add(id);
        greet(acceptShell(), id).on('close', () => attended.delete(id));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const connection of connections) connection.end();
    });
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, fingerprint: fingerprintOf(parsed.getPublicSSH()), attempts: () => attempts, close };
}

/** An OpenSSH line: type, base64, comment. */
function isPushed(line: string | undefined, key: Buffer): boolean {
  return line?.split(' ')[1] === key.toString('base64');
}

function greet(channel: ServerChannel, id: string): ServerChannel {
  channel.write(`${id} login: `);
  channel.pipe(channel);
  return channel;
}
