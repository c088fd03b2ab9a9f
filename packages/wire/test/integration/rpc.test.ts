import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type AmqpTransport,
  nova,
  parseJson,
  REPLY_FORMS,
  type RejectedDelivery,
  type ReplyForm,
  RpcClient,
  type RpcRequest,
  RpcServer,
  type RpcServerOptions,
  type RpcTarget,
  sealEnvelope,
} from '../../src/index.js';
import { aTransport, dropAll, onBroker, uniqueName } from './broker.js';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const FLAGS = { durable: false, autoDelete: false };
const CONTEXT = { user_id: null, project_id: null, is_admin: true, read_deleted: 'no', timestamp: '2026-01-01T00:00:00.000000' };

/** Requests and refusals as they come, each waited for in turn. */
class Inbox<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T) => void)[] = [];

  put(item: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#takers.push(resolve)) : Promise.resolve(item);
  }
}

interface Served {
  readonly transport: AmqpTransport;
  readonly target: RpcTarget;
  readonly requests: Inbox<RpcRequest>;
  readonly rejected: Inbox<RejectedDelivery>;
}

function newTarget(): RpcTarget {
  const topic = uniqueName('topic');
  const target: RpcTarget = {
    exchange: uniqueName('exchange'),
    topic,
    server: 'host-1',
    versions: ['1.3'],
    fanout: true,
    declare: { ...FLAGS, serverQueue: true, transientTtlMs: 2_000 },
    durableQueue: true,
  };
  closers.push(() => dropAll({ exchanges: [target.exchange, `${topic}_fanout`], queues: [topic, `${topic}.host-1`] }));
  return target;
}

async function aServer(target: RpcTarget, options: Partial<RpcServerOptions> = {}): Promise<Served> {
  const transport = aTransport();
  closers.push(() => transport.close());
  const requests = new Inbox<RpcRequest>();
  const rejected = new Inbox<RejectedDelivery>();
  const server = new RpcServer(transport, {
    targets: [target],
    prefetch: 10,
    onRequest: (request) => requests.put(request),
    onRejected: (bad) => rejected.put(bad),
    ...options,
  });
  await server.ready;
  return { transport, target, requests, rejected };
}

function aClient(): RpcClient {
  const transport = aTransport();
  const client = new RpcClient(transport, { exchange: FLAGS });
  closers.push(async () => {
    await client.close();
    await transport.close();
  });
  return client;
}

const aCall = { method: 'echo', args: { text: 'héllo' }, context: CONTEXT, version: '1.0' };

describe('a cast', () => {
  it('arrives with method, arguments, version, context and an id of its own', async () => {
    const { target, requests } = await aServer(newTarget());

    await aClient().cast(target, aCall);
    const request = await requests.next();
    request.ack();

    expect(request).toMatchObject({
      method: 'echo',
      args: { text: 'héllo' },
      version: '1.0',
      namespace: null,
      reply: null,
      redelivered: false,
    });
    expect(request.context).toEqual(CONTEXT);
    expect(request.uniqueId).toMatch(/^[0-9a-f]{32}$/);
    expect(request.hints).toEqual({ envelope: true, namespaceKey: false });
  });

  it('arrives bare, as Grizzly sends it', async () => {
    const { target, requests } = await aServer(newTarget());

    await aClient().cast(target, aCall, { envelope: 'bare' });
    const request = await requests.next();
    request.ack();

    expect(request.hints.envelope).toBe(false);
    expect(parseJson(request.body)).toMatchObject({ method: 'echo', _context_is_admin: true });
  });

  it('reaches one server of a topic, every server of a fanout, and the server it names', async () => {
    const target = newTarget();
    const [one, two] = [await aServer(target), await aServer({ ...target, server: 'host-1' })];
    const client = aClient();

    await client.cast({ ...target, fanout: true }, aCall);
    const both = [await one.requests.next(), await two.requests.next()];
    await client.cast({ exchange: target.exchange, topic: target.topic, server: 'host-1' }, aCall);
    const named = await Promise.race([one.requests.next(), two.requests.next()]);

    expect(both.map((request) => request.routingKey)).toEqual(['', '']);
    expect(named.routingKey).toBe(`${target.topic}.host-1`);
  });

  it('waits in our durable queue while no server runs', async () => {
    const target = newTarget();
    const first = await aServer(target);
    await first.transport.close();

    await aClient().cast({ exchange: target.exchange, topic: target.topic }, aCall);
    const second = await aServer(target);

    expect((await second.requests.next()).method).toBe('echo');
  });

  it('is delivered again when the receiver dies before the ack, and marked so', async () => {
    const target = newTarget();
    const first = await aServer(target);
    await aClient().cast({ exchange: target.exchange, topic: target.topic }, aCall);
    await first.requests.next();
    await first.transport.close();

    const again = await (await aServer(target)).requests.next();

    expect(again).toMatchObject({ method: 'echo', redelivered: true });
  });
});

describe.each(Object.entries(REPLY_FORMS) as [string, ReplyForm][])('a call answered in the %s form', (_name, replyForm) => {
  it('gets its result', async () => {
    const { target, requests } = await aServer(newTarget(), { replyForm });
    const answer = aClient().call({ exchange: target.exchange, topic: target.topic }, aCall);

    const request = await requests.next();
    await request.reply?.reply({ text: request.args.text ?? null, big: 2n ** 70n });
    request.ack();

    expect(await answer).toEqual({ text: 'héllo', big: 2n ** 70n });
  });

  it('rejects with the remote error', async () => {
    const { target, requests } = await aServer(newTarget(), { replyForm });
    const answer = aClient().call({ exchange: target.exchange, topic: target.topic }, aCall);
    const told = expect(answer).rejects.toMatchObject({
      name: 'RemoteError',
      className: 'InstanceNotFound',
      kwargs: { instance_id: 'the-uuid', code: 404 },
    });

    await (await requests.next()).reply?.fail(nova.instanceNotFound('the-uuid'));

    await told;
  });
});

describe('a call', () => {
  it('counts the first of two answers', async () => {
    const { target, requests } = await aServer(newTarget());
    const client = aClient();
    const answer = client.call({ exchange: target.exchange, topic: target.topic }, aCall);

    const { reply } = await requests.next();
    await reply?.reply(null);
    await reply?.fail(nova.instanceNotFound('x'));

    expect(await answer).toBeNull();
  });

  it('lives as long as its heartbeats come, where it is monitored', async () => {
    const { target, requests } = await aServer(newTarget(), { replyForm: REPLY_FORMS.monitored });
    const answer = aClient().call({ exchange: target.exchange, topic: target.topic }, aCall, { monitorMs: 150 });

    const { reply } = await requests.next();
    const began = Date.now();
    while (Date.now() - began < 400) {
      await reply?.heartbeat();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await reply?.reply('late but alive');

    expect(await answer).toBe('late but alive');
  });

  it('times out when nobody answers, and when nobody beats', async () => {
    const { target } = await aServer(newTarget());
    const client = aClient();
    const where = { exchange: target.exchange, topic: target.topic };

    await expect(client.call(where, aCall, { timeoutMs: 200 })).rejects.toMatchObject({ kind: 'timeout' });
    await expect(client.call(where, aCall, { monitorMs: 50 })).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('tells a server whose caller is gone, and harms nothing else', async () => {
    const { target, requests } = await aServer(newTarget());
    const body = sealEnvelope({ method: 'echo', args: {}, version: '1.0', _msg_id: 'm1', _reply_q: uniqueName('gone') }, '2.0');
    await onBroker(async (channel) => channel.publish(target.exchange, target.topic, body, { contentType: 'application/json' }));
    const orphan = (await requests.next()).reply?.reply('nobody listens');
    const settled = expect(
      Promise.race([orphan, new Promise((resolve) => setTimeout(resolve, 600, 'still looking'))]),
    ).resolves.toBe('still looking');
    orphan?.catch(() => undefined);

    const answer = aClient().call({ exchange: target.exchange, topic: target.topic }, aCall);
    await (await requests.next()).reply?.reply('fine');

    expect(await answer).toBe('fine');
    await settled;
  });
});

describe('bad input', () => {
  const json = { contentType: 'application/json', contentEncoding: 'utf-8' };
  const envelope = (inner: string, version = '2.0'): Buffer =>
    Buffer.from(JSON.stringify({ 'oslo.version': version, 'oslo.message': inner }));
  const cases: [string, string, Buffer, object?][] = [
    ['truncated JSON', 'bad-json', Buffer.from('{"oslo.version": "2.0", "oslo.mess')],
    ['truncated JSON inside the envelope', 'bad-json', envelope('{"method": "echo"')],
    ['no JSON at all', 'bad-json', Buffer.from([0xff, 0xfe, 0x00])],
    ['an empty body', 'bad-json', Buffer.alloc(0)],
    ['a body that is a list', 'bad-envelope', Buffer.from('[]')],
    ['a future envelope', 'bad-version', envelope('{"method": "echo"}', '3.0')],
    ['an envelope around a number', 'bad-envelope', Buffer.from('{"oslo.version": "2.0", "oslo.message": 7}')],
    ['an RPC dict without method', 'bad-envelope', envelope('{"args": {}}')],
    ['arguments that are a list', 'bad-envelope', envelope('{"method": "echo", "args": []}')],
    ['another namespace', 'unknown-method', envelope('{"method": "echo", "args": {}, "namespace": "x"}')],
    ['a version above ours', 'bad-version', envelope('{"method": "echo", "args": {}, "version": "1.4"}')],
    ['another major version', 'bad-version', envelope('{"method": "echo", "args": {}, "version": "2.0"}')],
    ['a version that is none', 'bad-version', envelope('{"method": "echo", "args": {}, "version": "one"}')],
    ['nesting of 100,000 levels', 'bad-json', Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['another content type', 'bad-envelope', envelope('{"method": "echo"}'), { contentType: 'text/plain' }],
    ['a compressed body', 'bad-envelope', envelope('{"method": "echo"}'), { ...json, headers: { compression: 'gzip' } }],
  ];

  it.each(cases)(
    '%s is handed over as %s, can be acked, and the next message works',
    async (_what, kind, body, properties = json) => {
      const { target, requests, rejected } = await aServer(newTarget());
      await onBroker(async (channel) => channel.publish(target.exchange, target.topic, body, properties));

      const bad = await rejected.next();
      bad.ack();
      await aClient().cast({ exchange: target.exchange, topic: target.topic }, aCall);

      expect(bad).toMatchObject({ kind, body, reply: null });
      expect(bad.reason).not.toBe('');
      expect((await requests.next()).method).toBe('echo');
    },
  );

  it('a body of 50 MB is refused without being parsed', async () => {
    const { target, rejected } = await aServer(newTarget());
    const body = Buffer.alloc(50 * 1024 * 1024, 0x5b);
    await onBroker(async (channel) => channel.publish(target.exchange, target.topic, body, json));

    const bad = await rejected.next();
    bad.ack();

    expect(bad).toMatchObject({ kind: 'too-large' });
    expect(bad.reason).toContain(`${body.length}`);
  });

  it('a call with a version above ours can still be answered', async () => {
    const { target, rejected } = await aServer(newTarget());
    const answer = aClient().call({ exchange: target.exchange, topic: target.topic }, { ...aCall, version: '1.9' });
    const refused = expect(answer).rejects.toMatchObject({ className: 'NotImplementedError' });

    const bad = await rejected.next();
    await bad.reply?.fail(nova.notImplemented('no such version'));

    await refused;
  });

  it('NaN and integers beyond 2^53 are taken as they are', async () => {
    const { target, requests } = await aServer(newTarget());
    const body = envelope('{"method": "echo", "args": {"a": NaN, "b": -Infinity, "c": 12345678901234567890}}');
    await onBroker(async (channel) => channel.publish(target.exchange, target.topic, body, json));

    expect((await requests.next()).args).toEqual({ a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: 12345678901234567890n });
  });
});
