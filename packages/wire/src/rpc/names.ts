import type { ExchangeDeclaration, QueueDeclaration, Topology } from '../amqp/types.js';
import type { RpcTarget, TopologyFlags } from './types.js';

/** oslo.messaging's names of what belongs to a topic. */
export function fanoutExchange(topic: string): ExchangeDeclaration {
  return { name: `${topic}_fanout`, type: 'fanout', durable: false, autoDelete: true };
}

export function topicExchange(name: string, flags: Pick<TopologyFlags, 'durable' | 'autoDelete'>): ExchangeDeclaration {
  return { name, type: 'topic', durable: flags.durable, autoDelete: flags.autoDelete };
}

/** The exchange a server of a reply queue declares; whoever answers only looks whether it is there. */
export function replyExchange(name: string): ExchangeDeclaration {
  return { name, type: 'direct', durable: false, autoDelete: true };
}

/** Exchanges and queues of one target, as a nova service of the release declares them. `fanoutId`: 32 hexadecimal characters. */
export function topologyOfTarget(target: RpcTarget, fanoutId: string): Topology {
  const exchange = topicExchange(target.exchange, target.declare);
  const queues = [topicQueue(target, target.topic)];
  if (target.declare.serverQueue && target.server !== undefined)
    queues.push(topicQueue(target, `${target.topic}.${target.server}`));
  if (!target.fanout) return { exchanges: [exchange], queues };
  return { exchanges: [exchange, fanoutExchange(target.topic)], queues: [...queues, fanoutQueue(target, fanoutId)] };
}

function topicQueue(target: RpcTarget, name: string): QueueDeclaration {
  const ours = target.durableQueue === true;
  return {
    name,
    durable: ours || target.declare.durable,
    autoDelete: !ours && target.declare.autoDelete,
    bindings: [{ exchange: target.exchange, routingKey: name }],
  };
}

function fanoutQueue(target: RpcTarget, fanoutId: string): QueueDeclaration {
  const ttl = target.declare.transientTtlMs;
  return {
    name: `${target.topic}_fanout_${fanoutId}`,
    durable: false,
    autoDelete: ttl === undefined,
    ...(ttl === undefined ? {} : { arguments: { 'x-expires': ttl } }),
    bindings: [{ exchange: `${target.topic}_fanout`, routingKey: target.topic }],
  };
}
