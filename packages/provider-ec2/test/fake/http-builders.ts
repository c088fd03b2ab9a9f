import { EC2Client } from '@aws-sdk/client-ec2';
import { FakeEc2, type FakeEc2Options, type ListeningServer, startFakeServer } from '../../src/fake/index.js';
import type { Ec2Api } from '../../src/ports/ec2-api.js';
import { makeSdkApi } from '../../src/sdk/sdk-api.js';

const credentials = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' };

/** The real SDK against an endpoint, without retries so that tests see each answer. */
export function sdkFor(url: string): EC2Client {
  return new EC2Client({ region: 'us-east-1', endpoint: url, credentials, maxAttempts: 1 });
}

/** Our port on the real SDK. */
export function portFor(url: string): Ec2Api & { close(): void } {
  const timeouts = { connectTimeoutMs: 2_000, requestTimeoutMs: 30_000 };
  return makeSdkApi({ region: 'us-east-1', endpointUrl: url, ...credentials, ...timeouts });
}

export interface Served {
  readonly fake: FakeEc2;
  readonly url: string;
  readonly sdk: EC2Client;
  readonly port: Ec2Api;
  close(): Promise<void>;
}

/** A fake behind HTTP, with clients. Steps take no time: what is asked next sees the end of them. */
export async function served(options: FakeEc2Options = {}): Promise<Served> {
  const fake = new FakeEc2({ delays: 0, ...options });
  const server: ListeningServer = await startFakeServer({ fake });
  const sdk = sdkFor(server.url);
  const port = portFor(server.url);
  return {
    ...{ fake, url: server.url, sdk, port },
    async close() {
      sdk.destroy();
      port.close();
      await server.close();
    },
  };
}

/** Asks an admin side; a body makes it a POST. */
export async function admin(url: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
  const init = body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(url, init);
  return { status: response.status, answer: await response.json() };
}
