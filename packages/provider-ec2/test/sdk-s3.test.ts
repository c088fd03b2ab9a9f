import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEc2Options } from '../src/index.js';
import { lazyS3Store } from '../src/ports/image-store.js';

let server: Server;
let url: string;
let status: number;
const held = new Map<string, number>();

/** As much of S3 as one small object needs. */
beforeEach(async () => {
  held.clear();
  status = 200;
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.byteLength;
    });
    request.on('end', () => {
      if (status !== 200) return response.writeHead(status).end();
      if (request.method === 'PUT') held.set(path, bytes);
      if (request.method === 'DELETE') {
        held.delete(path);
        return response.writeHead(204).end();
      }
      const size = held.get(path);
      if (size === undefined) return response.writeHead(404).end();
      return response.writeHead(200, request.method === 'HEAD' ? { 'content-length': String(size) } : { etag: '"e"' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const store = () => {
  const keys = { access_key_id: 'k', secret_access_key: 's' };
  return lazyS3Store(parseEc2Options({ region: 'us-east-1', endpoint_url: url, ...keys }), 'images');
};

async function* disk() {
  yield Buffer.from('di');
  yield Buffer.from('sk');
}

describe('the bucket', () => {
  it('takes a disk under a key, and has it', async () => {
    const seen: number[] = [];
    const how = { sizeBytes: 4, onProgress: (bytes: number) => void seen.push(bytes), signal: new AbortController().signal };

    expect(await store().holds('key')).toBe(false);
    await store().put('key', disk(), how);

    expect([...held.keys()]).toEqual(['/images/key']);
    expect(await store().holds('key')).toBe(true);
    expect(seen.at(-1)).toBe(4);
  });

  it('gives a disk up, also one that it does not have', async () => {
    held.set('/images/key', 4);

    await store().remove('key');
    await store().remove('key');

    expect(held.size).toBe(0);
  });

  it('says what kept it from answering', async () => {
    status = 403;

    await expect(store().holds('key')).rejects.toMatchObject({ name: 'Ec2Error' });
    await expect(store().remove('key')).rejects.toMatchObject({ name: 'Ec2Error' });
  });
});
