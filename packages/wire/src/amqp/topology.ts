import type { Channel, ChannelModel } from 'amqplib';
import { TransportError } from '../errors.js';
import type { ExchangeDeclaration, QueueDeclaration, Topology } from './types.js';

const NOT_FOUND = 404;
const PRECONDITION_FAILED = 406;

/**
 * Declares exchanges, then queues and their bindings, on a channel of its own, since a refusal closes the channel.
 * May be repeated. Rejects with TransportError `exchange-mismatch`, `no-exchange` or `refused`.
 */
export async function declareTopology(model: ChannelModel, topology: Topology): Promise<void> {
  await onOwnChannel(model, async (channel) => {
    for (const exchange of topology.exchanges) await declareExchange(channel, exchange);
    for (const queue of topology.queues) await declareQueue(channel, queue);
  });
}

async function onOwnChannel(model: ChannelModel, use: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await model.createChannel();
  // The call in hand rejects with the same error; unheard, the event would end the process.
  channel.on('error', () => undefined);
  await use(channel);
  await channel.close();
}

async function declareExchange(channel: Channel, exchange: ExchangeDeclaration): Promise<void> {
  try {
    if (exchange.type === 'passive') await channel.checkExchange(exchange.name);
    else await channel.assertExchange(exchange.name, exchange.type, flagsOf(exchange));
  } catch (cause) {
    throw explained(cause, exchange);
  }
}

async function declareQueue(channel: Channel, queue: QueueDeclaration): Promise<void> {
  const { name, durable, autoDelete, bindings } = queue;
  try {
    await channel.assertQueue(name, { durable, autoDelete, exclusive: false, arguments: { ...queue.arguments } });
    for (const { exchange, routingKey } of bindings) await channel.bindQueue(name, exchange, routingKey);
  } catch (cause) {
    throw new TransportError(
      'refused',
      `the broker refuses queue ${name} (durable=${durable}, auto_delete=${autoDelete}): ${textOf(cause)}. ` +
        'Where an earlier process declared it otherwise, delete it once it is empty.',
      { cause },
    );
  }
}

function explained(cause: unknown, exchange: ExchangeDeclaration): TransportError {
  const code = codeOf(cause);
  if (code === NOT_FOUND) return new TransportError('no-exchange', `exchange ${exchange.name} does not exist`, { cause });
  if (code !== PRECONDITION_FAILED) {
    return new TransportError('refused', `the broker refuses exchange ${exchange.name}: ${textOf(cause)}`, { cause });
  }
  const { durable, autoDelete } = flagsOf(exchange);
  return new TransportError(
    'exchange-mismatch',
    `exchange ${exchange.name} exists with other flags than ours (${exchange.type}, durable=${durable}, auto_delete=${autoDelete}): ` +
      `${textOf(cause)}. Set amqp_durable_queues and amqp_auto_delete as in the nova.conf of the cells on that broker.`,
    { cause },
  );
}

function flagsOf(exchange: ExchangeDeclaration): { durable: boolean; autoDelete: boolean } {
  return { durable: exchange.durable ?? false, autoDelete: exchange.autoDelete ?? false };
}

function codeOf(cause: unknown): number | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'number'
    ? cause.code
    : undefined;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
