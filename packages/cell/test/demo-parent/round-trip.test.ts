import { randomUUID } from 'node:crypto';
import { AmqpTransport, parseTransportUrl } from '@burstcell/wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LinkNames, linkNames } from '../support/cell-config.js';
import { clearBroker } from '../support/clear-broker.js';
import { environment, uniqueName } from '../support/environment.js';
import { DemoParent } from './demo-parent.js';
import { primitive } from './flavors.js';
import { isObject, type JsonObject } from './json.js';
import { versionOf } from './objects.js';
import { RemoteError } from './questions.js';
import { dialectOf } from './releases.js';
import { rpcBody } from './write-message.js';

const { amqpUrl } = environment();
const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe('a demo parent on the broker', () => {
  it('sends a build and stores what comes up', async () => {
    const { parent, child } = await aLink();
    child.on('build_instances', ({ build_inst_kwargs: build }) => {
      const [instance] = (build as JsonObject).instances as JsonObject[];
      const data = instance?.['nova_object.data'];
      child.sayActive(isObject(data) ? String(data.uuid) : '');
    });

    const [uuid] = await parent.api.boot({ name: 'one' });
    const shown = await parent.waitForState(String(uuid), 'active');

    expect(shown).toMatchObject({ host: 'h', name: 'one' });
    expect(parent.violations).toEqual([]);
  });

  it('gets an answer, and an error as an error', async () => {
    const { parent, child } = await aLink();
    child.on('service_get_all', (_kwargs, message) => child.answer(message, [], false));
    child.on('get_host_uptime', (_kwargs, message) => {
      const text = JSON.stringify({
        class: 'NotImplementedError',
        module: 'exceptions',
        message: 'no',
        tb: [],
        args: [],
        kwargs: {},
      });
      child.answer(message, text, true);
    });

    await expect(parent.admin.services()).resolves.toEqual([]);
    await expect(parent.admin.uptime('h')).rejects.toThrow(RemoteError);
    expect(parent.violations).toEqual([]);
  });

  it('says no by itself where its own row does not allow a verb', async () => {
    const { parent } = await aLink();
    const [uuid] = await parent.api.boot({ name: 'one' });

    await expect(parent.api.stop(String(uuid))).rejects.toMatchObject({ status: 404 });
  });

  it('tells every cell when it deletes a server that has none', async () => {
    const { parent, child } = await aLink();
    const heard = child.next('instance_delete_everywhere');
    const [uuid] = await parent.api.boot({ name: 'one' });

    await parent.api.delete(String(uuid));

    expect(JSON.stringify(await heard)).toContain(String(uuid));
    expect(parent.show(String(uuid))).toBeUndefined();
  });
});

async function aLink() {
  const names = linkNames(uniqueName('roundtrip'));
  endings.push(() => clearBroker(amqpUrl, names));
  const child = await ScriptedChild.start(names);
  endings.push(() => child.stop());
  const parent = await DemoParent.start({
    url: amqpUrl,
    release: 'rocky',
    controlExchange: names.parentExchange,
    queueBase: names.parentQueueBase,
    childControlExchange: names.childExchange,
    childQueueBase: names.childQueueBase,
  });
  endings.push(() => parent.stop());
  return { parent, child };
}

type Reaction = (kwargs: JsonObject, message: JsonObject) => void;

/** A child that says what a test tells it to. */
class ScriptedChild {
  private readonly reactions = new Map<string, Reaction>();

  private constructor(
    private readonly names: LinkNames,
    private readonly transport: AmqpTransport,
  ) {}

  static async start(names: LinkNames): Promise<ScriptedChild> {
    const transport = AmqpTransport.connect({ urls: parseTransportUrl(amqpUrl), connectionName: 'scripted child' });
    const child = new ScriptedChild(names, transport);
    const topics = ['targeted', 'broadcast'].map((type) => `${names.childQueueBase}.${type}`);
    const exchange = { name: names.childExchange, type: 'topic' as const, durable: false, autoDelete: false };
    const queues = topics.map((name) => ({
      name,
      durable: false,
      autoDelete: true,
      bindings: [{ exchange: exchange.name, routingKey: name }],
    }));
    await transport.consume({
      topology: { exchanges: [exchange], queues },
      queues: topics,
      prefetch: 10,
      onDelivery: (delivery) => {
        delivery.ack();
        child.hear(delivery.body);
      },
    }).ready;
    return child;
  }

  on(method: string, reaction: Reaction): void {
    this.reactions.set(method, reaction);
  }

  next(method: string): Promise<JsonObject> {
    return new Promise((resolve) => {
      this.on(method, resolve);
    });
  }

  sayActive(uuid: string): void {
    const data = {
      uuid,
      id: 7,
      host: 'h',
      vm_state: 'active',
      task_state: null,
      power_state: 1,
      launched_at: '2026-01-01T00:00:00Z',
    };
    const changes = ['host', 'vm_state', 'task_state', 'power_state', 'launched_at'];
    const instance = primitive('Instance', versionOf('Instance', 'rocky'), data, changes);
    this.say({ message_type: 'broadcast', method_name: 'instance_update_at_top', method_kwargs: { instance }, fanout: false });
  }

  answer(question: JsonObject, value: JsonObject[string], failure: boolean): void {
    const item = JSON.stringify({ cell_name: 'api!ec2', value, failure });
    this.say({
      message_type: 'response',
      method_name: 'parse_responses',
      method_kwargs: { orig_message: '{}', responses: [item] },
      fanout: true,
      response_uuid: question.uuid ?? null,
      target_cell: 'ec2!api',
    });
  }

  stop(): Promise<void> {
    return this.transport.close();
  }

  private say(message: JsonObject): void {
    const whole: JsonObject = {
      ctxt: { is_admin: true, user_id: null, project_id: null, timestamp: null },
      direction: 'up',
      need_response: false,
      uuid: randomUUID(),
      routing_path: 'ec2',
      hop_count: 1,
      max_hop_count: 10,
      ...message,
    };
    const topic = `${this.names.parentQueueBase}.${message.message_type}`;
    const [exchange, key] = message.fanout ? [`${topic}_fanout`, ''] : [this.names.parentExchange, topic];
    void this.transport.publish(exchange, key, rpcBody(whole, dialectOf('rocky')));
  }

  private hear(body: Buffer): void {
    const outer = JSON.parse(body.toString()) as Record<string, string>;
    const rpc = JSON.parse(String(outer['oslo.message'])) as { args: { message: string } };
    const message = JSON.parse(rpc.args.message) as JsonObject;
    const { method_kwargs: kwargs } = message;
    if (isObject(kwargs)) this.reactions.get(String(message.method_name))?.(kwargs, message);
  }
}
