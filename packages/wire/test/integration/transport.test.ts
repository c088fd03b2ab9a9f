import { afterEach, describe, expect, it } from '@jest/globals';
import type { AmqpTransport, Delivery, ExchangeDeclaration, Topology } from '../../src/index.js';
import { TransportError } from '../../src/index.js';
import { testBroker } from '../config.js';
import { aTransport, BrokerDoor, dropAll, onBroker, QUICK_BACKOFF, stateOf, uniqueName } from './broker.js';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function opened(transport: AmqpTransport): AmqpTransport {
  closers.push(() => transport.close());
  return transport;
}

/** One exchange with one queue, dropped after the test. */
function aTopology(what: string): { exchange: ExchangeDeclaration; queue: string; topology: Topology } {
  const name = uniqueName(what);
  const exchange: ExchangeDeclaration = { name, type: 'topic', durable: false, autoDelete: false };
  const queue = { name, durable: true, autoDelete: false, bindings: [{ exchange: name, routingKey: name }] };
  closers.push(() => dropAll({ exchanges: [name], queues: [name] }));
  return { exchange, queue: name, topology: { exchanges: [exchange], queues: [queue] } };
}

/** Collects deliveries and lets a test wait for the n-th. */
function collector(onEach: (delivery: Delivery) => void = (delivery) => delivery.ack()) {
  const received: Delivery[] = [];
  let wake: () => void = () => undefined;
  return {
    received,
    onDelivery: (delivery: Delivery): void => {
      received.push(delivery);
      onEach(delivery);
      wake();
    },
    count: async (wanted: number): Promise<Delivery[]> => {
      while (received.length < wanted) await new Promise<void>((resolve) => (wake = resolve));
      return received;
    },
  };
}

const bodies = (deliveries: readonly Delivery[]): string[] => deliveries.map((delivery) => delivery.body.toString());

describe('a transport', () => {
  it('publishes with the properties of nova and delivers in order', async () => {
    const { exchange, queue, topology } = aTopology('order');
    const transport = opened(aTransport());
    const inbox = collector();
    const consumer = transport.consume({ topology, queues: [queue], prefetch: 10, onDelivery: inbox.onDelivery });
    await consumer.ready;

    await Promise.all(
      ['1', '2', '3'].map((text) => transport.publish(exchange.name, queue, Buffer.from(text), { declare: exchange })),
    );
    const received = await inbox.count(3);

    expect(bodies(received)).toEqual(['1', '2', '3']);
    expect(received[0]?.properties).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      headers: {},
    });
  });

  it('gives back to the queue what was never acknowledged', async () => {
    const { exchange, queue, topology } = aTopology('unacked');
    const first = aTransport();
    const unsettled = collector(() => undefined);
    await first.consume({ topology, queues: [queue], prefetch: 10, onDelivery: unsettled.onDelivery }).ready;
    await first.publish(exchange.name, queue, Buffer.from('kept'), { declare: exchange });
    await first.publish(exchange.name, queue, Buffer.from('done'), { declare: exchange });
    const [, done] = await unsettled.count(2);
    done?.ack();
    await first.close();

    const second = opened(aTransport());
    const inbox = collector();
    second.consume({ topology, queues: [queue], prefetch: 10, onDelivery: inbox.onDelivery });
    const received = await inbox.count(1);
    await second.close();

    expect(bodies(received)).toEqual(['kept']);
    expect(received[0]?.redelivered).toBe(true);
    expect(await onBroker((channel) => channel.checkQueue(queue))).toMatchObject({ messageCount: 0 });
  });

  it('acknowledges thousands out of order and leaves the queue empty', async () => {
    const { exchange, queue, topology } = aTopology('acks');
    const transport = opened(aTransport());
    const held: Delivery[] = [];
    const inbox = collector((delivery) => {
      held.push(delivery);
    });
    await transport.consume({ topology, queues: [queue], prefetch: 0, onDelivery: inbox.onDelivery }).ready;
    await Promise.all(
      Array.from({ length: 3_000 }, () => transport.publish(exchange.name, queue, Buffer.from('x'), { declare: exchange })),
    );
    await inbox.count(3_000);
    for (const [at, delivery] of held.entries()) if (at % 3 === 0) delivery.ack();
    await new Promise(setImmediate);
    for (const delivery of held) delivery.ack();
    await transport.close();

    expect(await onBroker((channel) => channel.checkQueue(queue))).toMatchObject({ messageCount: 0 });
  });

  it('mends itself when the connection breaks: queues are read again, and what was not confirmed goes out again', async () => {
    const door = await BrokerDoor.start();
    closers.push(() => door.shut());
    const { exchange, queue, topology } = aTopology('mend');
    const transport = opened(aTransport({ urls: door.urls }));
    const inbox = collector();
    const consumer = transport.consume({ topology, queues: [queue], prefetch: 10, onDelivery: inbox.onDelivery });
    await consumer.ready;
    await transport.publish(exchange.name, queue, Buffer.from('before'), { declare: exchange });

    await door.shut();
    const meanwhile = transport.publish(exchange.name, queue, Buffer.from('meanwhile'), { declare: exchange });
    await stateOf(transport, 'connecting');
    await door.open();
    await meanwhile;
    await transport.publish(exchange.name, queue, Buffer.from('after'), { declare: exchange });

    // The ack of the first may have been lost with the connection: then it comes twice.
    while (new Set(bodies(inbox.received)).size < 3) await inbox.count(inbox.received.length + 1);
    expect([...new Set(bodies(inbox.received))]).toEqual(['before', 'meanwhile', 'after']);
    expect(transport.state.name).toBe('connected');
  });

  it('survives a connection that breaks again and again under load, and every publish is confirmed in the end', async () => {
    const door = await BrokerDoor.start();
    closers.push(() => door.shut());
    const { exchange, queue, topology } = aTopology('breaks');
    const transport = opened(aTransport({ urls: door.urls, maxInFlight: 50 }));
    await transport.consume({ topology, queues: [], prefetch: 1, onDelivery: () => undefined }).ready;

    const texts = Array.from({ length: 500 }, (_, at) => `${at}`);
    const sent = texts.map((text) => transport.publish(exchange.name, queue, Buffer.from(text), { declare: exchange }));
    for (const at of [20, 120, 300]) {
      await sent[at];
      door.cut();
    }
    await Promise.all(sent);

    const inbox = collector();
    const other = opened(aTransport());
    other.consume({ topology, queues: [queue], prefetch: 100, onDelivery: inbox.onDelivery });
    // What was under way when the door was slammed may have arrived, and goes out again all the same.
    while (new Set(bodies(inbox.received)).size < texts.length) await inbox.count(inbox.received.length + 1);
    expect(new Set(bodies(inbox.received))).toEqual(new Set(texts));
  });

  it('uses the next host of the URL when the first is dead', async () => {
    const [host] = testBroker().hosts;
    const transport = opened(
      aTransport({
        urls: {
          ...testBroker(),
          hosts: [{ ...host, hostname: '127.0.0.1', port: 9, username: 'x', password: 'y' }, ...testBroker().hosts],
        },
      }),
    );

    await transport.ready();

    expect(transport.state).toMatchObject({ name: 'connected', host: `${host?.hostname}:${host?.port}` });
  });

  it('says who will not have it and keeps trying, when the password is wrong', async () => {
    const urls = testBroker();
    const hosts = urls.hosts.map((host) => ({ ...host, password: 'wrong' }));
    const transport = opened(aTransport({ urls: { ...urls, hosts } }));

    const [first, second] = [await nextState(transport), await nextState(transport)];

    expect(first.error?.message).toMatch(/ACCESS_REFUSED|403/);
    expect(second.attempts).toBeGreaterThan(first.attempts ?? 0);
    expect(`${first.error?.message} ${second.error?.message}`).not.toContain('wrong');
  });

  it('names the exchange, the flags and the options when its flags differ, and goes on with other exchanges', async () => {
    const { exchange, queue, topology } = aTopology('flags');
    await onBroker((channel) => channel.assertExchange(exchange.name, 'topic', { durable: true, autoDelete: false }));
    const other = aTopology('flags-other');
    const transport = opened(aTransport());
    await transport.consume({ topology: other.topology, queues: [], prefetch: 1, onDelivery: () => undefined }).ready;

    const publish = transport.publish(exchange.name, queue, Buffer.from('x'), { declare: exchange, timeoutMs: 500 });
    const refused = expect(publish).rejects.toMatchObject({ kind: 'exchange-mismatch' });
    const state = await stateOf(transport, 'refused');
    await transport.publish(other.exchange.name, other.queue, Buffer.from('y'), { declare: other.exchange });

    await refused;
    expect(state.error?.message).toContain(exchange.name);
    expect(state.error?.message).toContain('durable=false');
    expect(state.error?.message).toContain('amqp_durable_queues');
    expect(topology.exchanges).toHaveLength(1);
  });

  it('rejects at once what goes to an exchange that nobody declares, and publishes the rest', async () => {
    const { exchange, queue, topology } = aTopology('missing');
    const transport = opened(aTransport());
    await transport.consume({ topology, queues: [], prefetch: 1, onDelivery: () => undefined }).ready;

    const lost = transport.publish(uniqueName('nowhere'), 'key', Buffer.from('x'));
    const kept = transport.publish(exchange.name, queue, Buffer.from('y'), { declare: exchange });

    await expect(lost).rejects.toMatchObject({ kind: 'no-exchange' });
    await expect(kept).resolves.toBeUndefined();
  });

  it('declares an exchange again that was deleted under it', async () => {
    const { exchange, queue } = aTopology('deleted');
    const transport = opened(aTransport());
    await transport.publish(exchange.name, queue, Buffer.from('1'), { declare: exchange });
    await onBroker((channel) => channel.deleteExchange(exchange.name));

    await transport.publish(exchange.name, queue, Buffer.from('2'), { declare: exchange });

    await expect(onBroker((channel) => channel.checkExchange(exchange.name))).resolves.toBeDefined();
  });

  it('reads a queue again that was deleted under it', async () => {
    const { exchange, queue, topology } = aTopology('requeue');
    const transport = opened(aTransport());
    const inbox = collector();
    await transport.consume({ topology, queues: [queue], prefetch: 1, onDelivery: inbox.onDelivery }).ready;
    await onBroker((channel) => channel.deleteQueue(queue));

    const again = async (): Promise<void> => {
      while (inbox.received.length === 0) await transport.publish(exchange.name, queue, Buffer.from('x'), { declare: exchange });
    };

    await expect(again()).resolves.toBeUndefined();
  });

  it('stops waiting when told to, or when the time is up, though the broker is away', async () => {
    const urls = testBroker();
    const transport = opened(
      aTransport({ urls: { ...urls, hosts: urls.hosts.map((host) => ({ ...host, hostname: '127.0.0.1', port: 9 })) } }),
    );
    const abort = new AbortController();

    const aborted = transport.publish('', 'q', Buffer.from('x'), { signal: abort.signal });
    const late = expect(transport.publish('', 'q', Buffer.from('x'), { timeoutMs: 30 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    abort.abort();

    await expect(aborted).rejects.toMatchObject({ kind: 'aborted' });
    await late;
    await expect(transport.ready(AbortSignal.timeout(10))).rejects.toBeInstanceOf(TransportError);
  });

  it('rejects what is unconfirmed when it is closed, and everything after', async () => {
    const urls = testBroker();
    const transport = aTransport({
      urls: { ...urls, hosts: urls.hosts.map((host) => ({ ...host, hostname: '127.0.0.1', port: 9 })) },
    });
    const waiting = transport.publish('', 'q', Buffer.from('x'));
    const told = expect(waiting).rejects.toMatchObject({ kind: 'closed' });

    await transport.close();
    await transport.close();

    await told;
    await expect(transport.publish('', 'q', Buffer.from('x'))).rejects.toMatchObject({ kind: 'closed' });
    expect(transport.state.name).toBe('closed');
  });

  it('waits longer after each failed round', async () => {
    const urls = testBroker();
    const dead = urls.hosts.slice(0, 1).map((host) => ({ ...host, hostname: '127.0.0.1', port: 9 }));
    const transport = opened(aTransport({ urls: { ...urls, hosts: dead }, backoff: { firstMs: 10, maxMs: 80 } }));
    const began = Date.now();
    let state = await nextState(transport);
    while ((state.attempts ?? 0) < 5) state = await nextState(transport);

    // Half of 10 + 20 + 40 + 80 at least.
    expect(Date.now() - began).toBeGreaterThanOrEqual(70);
    expect(QUICK_BACKOFF.firstMs).toBeLessThan(QUICK_BACKOFF.maxMs);
  });
});

function nextState(transport: AmqpTransport): Promise<AmqpTransport['state']> {
  return new Promise((resolve) => {
    const off = transport.onState((state) => {
      off();
      resolve(state);
    });
  });
}
