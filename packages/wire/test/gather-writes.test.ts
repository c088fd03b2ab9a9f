import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { gatherWrites, socketOf } from '../src/amqp/gather-writes.js';

/** A socket that tells what each of its system calls would carry. */
function recorder(): { stream: Writable; calls: string[] } {
  const calls: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      calls.push(chunk);
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  return { stream, calls };
}

describe('what amqplib writes to its socket', () => {
  it('leaves once a turn, in order', async () => {
    const { stream, calls } = recorder();
    gatherWrites(stream);
    stream.write('a');
    stream.write('b');
    expect(calls).toEqual([]);
    await nextTurn();
    stream.write('c');
    await nextTurn();
    expect(calls).toEqual(['ab', 'c']);
  });

  it('leaves before the end of the stream, with its callbacks called', async () => {
    const { stream, calls } = recorder();
    gatherWrites(stream);
    const written = new Promise<void>((resolve) => {
      stream.write('a', () => resolve());
    });
    stream.end('b');
    await written;
    await nextTurn();
    expect(calls.join('')).toBe('ab');
    expect(stream.writableFinished).toBe(true);
  });

  it('stays as it is where the connection keeps its socket elsewhere', () => {
    expect(socketOf({})).toBeUndefined();
    expect(socketOf({ stream: 'none' })).toBeUndefined();
  });
});
