import { describe, expect, it } from '@jest/globals';
import type { Channel, Message } from 'amqplib';
import { AckBatch } from '../src/amqp/ack-batch.js';
import { RecentIds } from '../src/index.js';

/** Writes down what a channel is told; `dead` makes it throw as a closed one does. */
function aChannel() {
  const told: string[] = [];
  const state = { dead: false };
  const tell = (text: string): void => {
    if (state.dead) throw new Error('Channel closed');
    told.push(text);
  };
  const channel = {
    ack: (message: Message, upTo = false) => tell(`ack ${message.fields.deliveryTag}${upTo ? ' and before' : ''}`),
    nack: (message: Message) => tell(`requeue ${message.fields.deliveryTag}`),
  };
  return { told, state, batch: new AckBatch(channel as unknown as Channel) };
}

describe('acknowledgements', () => {
  it('in a row leave as one, stragglers one by one', () => {
    const { told, batch } = aChannel();
    for (let tag = 1; tag <= 6; tag += 1) batch.delivered(tag);

    for (const tag of [2, 1, 3, 5]) batch.ack(tag);
    batch.flush();
    for (const tag of [4, 6]) batch.ack(tag);
    batch.flush();

    expect(told).toEqual(['ack 3 and before', 'ack 5', 'ack 6 and before']);
  });

  it('count once, and never after a requeue', () => {
    const { told, batch } = aChannel();
    for (const tag of [1, 2, 3]) batch.delivered(tag);

    batch.requeue(2);
    batch.requeue(2);
    batch.ack(2);
    batch.ack(1);
    batch.flush();
    batch.ack(1);
    batch.flush();

    expect(told).toEqual(['requeue 2', 'ack 1 and before']);
  });

  it('of a channel that died are dropped: the broker delivers again', () => {
    const { told, state, batch } = aChannel();
    batch.delivered(1);
    state.dead = true;

    batch.ack(1);

    expect(() => batch.flush()).not.toThrow();
    expect(told).toEqual([]);
  });
});

describe('recent ids', () => {
  it('know the last sixteen', () => {
    const recent = new RecentIds();
    const ids = Array.from({ length: 17 }, (_, at) => `id-${at}`);

    expect(ids.map((id) => recent.isRepeat(id))).not.toContain(true);
    expect(recent.isRepeat('id-16')).toBe(true);
    expect(recent.isRepeat('id-0')).toBe(false);
  });

  it('let messages without one pass', () => {
    const recent = new RecentIds();

    expect([recent.isRepeat(null), recent.isRepeat(null)]).toEqual([false, false]);
  });
});
