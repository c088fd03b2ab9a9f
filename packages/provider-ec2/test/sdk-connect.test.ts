import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeSdkApi, parseEc2Options } from '../src/index.js';

/** Where the SDK looks for an endpoint of this one service. */
const ENDPOINT = 'AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT';
const KEY = { instanceId: 'i-0123456789abcdef0', publicKey: `ssh-ed25519 ${'A'.repeat(68)}` };

const asked: { readonly target: unknown; readonly body: unknown }[] = [];
let server: Server;
let answer: { readonly status: number; readonly body: object };

beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    asked.push({ target: request.headers['x-amz-target'], body: JSON.parse(await text(request)) });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env[ENDPOINT] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  delete process.env[ENDPOINT];
  server.closeAllConnections();
  server.close();
});

async function push(): Promise<void> {
  const keys = { access_key_id: 'test', secret_access_key: 'test' };
  const api = makeSdkApi(parseEc2Options({ region: 'eu-central-1', endpoint_url: 'http://127.0.0.1:1', ...keys }));
  await api.sendSerialConsoleSSHPublicKey(KEY).finally(() => api.close());
}

describe('EC2 Instance Connect by the AWS SDK', () => {
  it('is sent the key for port 0, whatever endpoint EC2 has', async () => {
    answer = { status: 200, body: { RequestId: 'r', Success: true } };

    await push();

    expect(asked.at(-1)).toEqual({
      target: 'AWSEC2InstanceConnectService.SendSerialConsoleSSHPublicKey',
      body: { InstanceId: KEY.instanceId, SerialPort: 0, SSHPublicKey: KEY.publicKey },
    });
  });

  it('refuses by its own codes, once', async () => {
    const before = asked.length;
    answer = { status: 403, body: { __type: 'SerialConsoleAccessDisabledException', Message: 'not authorized' } };

    await expect(push()).rejects.toMatchObject({
      name: 'Ec2Error',
      code: 'SerialConsoleAccessDisabledException',
      httpStatus: 403,
    });
    expect(asked.length).toBe(before + 1);
  });
});
