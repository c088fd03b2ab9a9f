import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { testBroker } from '../config.js';
import { aTransport, stateOf } from './broker.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A certificate of its own authority for `localhost`; null where openssl is missing. */
function newCertificate(): { key: Buffer; cert: Buffer } | null {
  const folder = mkdtempSync(join(tmpdir(), 'wire-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert, ...subject];
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** TLS in front of the test broker; gives its port. */
function tlsDoor(certificate: { key: Buffer; cert: Buffer }): Promise<number> {
  const { hostname, port } = testBroker().hosts[0] ?? { hostname: 'localhost', port: 5672 };
  const server: Server = createServer(certificate, (client) => {
    const broker = connectSocket(port, hostname);
    client.on('error', () => broker.destroy());
    broker.on('error', () => client.destroy());
    client.pipe(broker).pipe(client);
  });
  server.on('tlsClientError', () => undefined);
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return new Promise((resolve) => {
    server.listen(0, 'localhost', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

const certificate = newCertificate();
const itWithOpenssl = certificate === null ? it.skip : it;

describe(`TLS${certificate === null ? ' (skipped: openssl is not installed, so there is no certificate)' : ''}`, () => {
  const through = (port: number, tls: { ca?: Buffer; servername?: string }) => {
    const urls = testBroker();
    const hosts = urls.hosts.slice(0, 1).map((host) => ({ ...host, hostname: 'localhost', port }));
    const transport = aTransport({ urls: { ...urls, hosts }, tls });
    closers.push(() => transport.close());
    return transport;
  };

  itWithOpenssl('connects to a broker whose authority is ours', async () => {
    if (certificate === null) return;
    const transport = through(await tlsDoor(certificate), { ca: certificate.cert });

    await transport.ready();

    expect(transport.state.name).toBe('connected');
  });

  itWithOpenssl.each([
    ['of an authority unknown', {}, /self.signed/],
    ['of another name', { servername: 'elsewhere' }, /altnames|Hostname/],
  ])('refuses a broker %s and says so', async (_what, extra, reason) => {
    if (certificate === null) return;
    const ca = Object.keys(extra).length === 0 ? {} : { ca: certificate.cert };
    const transport = through(await tlsDoor(certificate), { ...ca, ...extra });
    await new Promise<void>((resolve) => {
      const off = transport.onState(() => {
        off();
        resolve();
      });
    });

    const state = await stateOf(transport, 'connecting');

    expect(state.error?.message).toMatch(reason);
  });
});
