import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatheringSocket } from '../src/gathering-socket.js';

const server = createServer();
const received = new Promise<string>((resolve) => {
  server.once('connection', (peer: Socket) => peer.once('data', (data) => resolve(data.toString())));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
});

describe('GatheringSocket', () => {
  it('sends what is written in one turn together and in order', async () => {
    const socket = new GatheringSocket();
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    for (const part of ['parse ', 'bind ', 'execute ', 'sync']) socket.write(part);
    expect(await received).toBe('parse bind execute sync');
    socket.destroy();
  });
});
