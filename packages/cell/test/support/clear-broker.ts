import amqp from 'amqplib';
import type { LinkNames } from './cell-config.js';

const TYPES = ['targeted', 'broadcast', 'response'];

/** Removes the queues and exchanges of a run from the broker. Those that are gone already are no error. */
export async function clearBroker(amqpUrl: string, names: LinkNames, hosts: readonly string[] = []): Promise<void> {
  const connection = await amqp.connect(amqpUrl);
  connection.on('error', () => {});
  try {
    for (const base of [names.parentQueueBase, names.childQueueBase]) {
      const topics = TYPES.map((type) => `${base}.${type}`);
      for (const topic of topics) {
        await quietly(connection, (channel) => channel.deleteQueue(topic));
        for (const host of hosts) await quietly(connection, (channel) => channel.deleteQueue(`${topic}.${host}`));
        await quietly(connection, (channel) => channel.deleteExchange(`${topic}_fanout`));
      }
    }
    for (const exchange of [names.parentExchange, names.childExchange]) {
      await quietly(connection, (channel) => channel.deleteExchange(exchange));
    }
  } finally {
    await connection.close();
  }
}

/** A channel of its own for each: the broker closes it when it refuses. */
async function quietly(connection: amqp.ChannelModel, work: (channel: amqp.Channel) => Promise<unknown>): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    await work(channel);
    await channel.close();
  } catch {
    // Not there, or not ours to delete: either way nothing is left to do.
  }
}
