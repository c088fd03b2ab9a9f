import { EventEmitter, once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { bridge } from '../../src/console/bridge.js';

const NEVER_MS = 600_000;

/** A client whose network takes what it is sent only when the test says so. */
class SlowClient extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = true;
  readonly sent: { readonly bytes: number; readonly taken: () => void }[] = [];

  send(chunk: Buffer, _options: object, taken: () => void): void {
    this.sent.push({ bytes: chunk.length, taken });
    this.emit('sent');
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  leave(): void {
    this.readyState = 3;
    for (const { taken } of this.sent) taken();
    this.emit('close');
  }

  get asSocket(): WebSocket {
    return this as unknown as WebSocket;
  }
}

describe('a bridge', () => {
  it('reads a machine no faster than its client takes it', async () => {
    const client = new SlowClient();
    const serial = new PassThrough();
    const sent = once(client, 'sent');
    const ending = bridge(client.asSocket, serial, NEVER_MS);
    while (serial.write(Buffer.alloc(4_096))) await new Promise(setImmediate);
    await sent;

    const held = serial.readableLength + serial.writableLength;
    expect(client.sent.length).toBe(1);
    expect(held).toBeLessThan(3 * serial.readableHighWaterMark);
    client.sent[0]?.taken();
    await once(client, 'sent');

    client.leave();
    expect(await ending).toBe('left');
    expect(serial.destroyed).toBe(true);
  });

  it('reads a client no faster than its machine takes it', async () => {
    let take: () => void = () => undefined;
    const serial = new Duplex({ read() {}, write: (_chunk, _encoding, taken) => (take = taken), writableHighWaterMark: 1 });
    const client = new SlowClient();
    const ending = bridge(client.asSocket, serial, NEVER_MS);
    expect(client.isPaused).toBe(false);

    client.emit('message', Buffer.from('many words'));
    expect(client.isPaused).toBe(true);
    take();
    expect(client.isPaused).toBe(false);

    client.leave();
    await ending;
  });

  it('says what the machine’s side failed with, and is at its end when that side ends', async () => {
    const [failing, ended] = [new PassThrough(), new PassThrough()];
    const failure = bridge(new SlowClient().asSocket, failing, NEVER_MS);
    const end = bridge(new SlowClient().asSocket, ended, NEVER_MS);

    failing.destroy(new Error('connection lost'));
    ended.end();

    await expect(failure).rejects.toThrow('connection lost');
    expect(await end).toBe('ended');
  });

  it('does not wait for ever for a client that takes nothing', async () => {
    const serial = new PassThrough();
    serial.write('login: ');

    expect(await bridge(new SlowClient().asSocket, serial, 20)).toBe('idle');
    expect(serial.destroyed).toBe(true);
  });

  it('ends the console of a client that left before it was open', async () => {
    const client = new SlowClient();
    client.leave();
    const serial = new PassThrough();

    expect(await bridge(client.asSocket, serial, NEVER_MS)).toBe('left');
    expect(serial.destroyed).toBe(true);
  });
});
