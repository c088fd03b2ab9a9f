import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import amqp from 'amqplib';
import { buildMessage, insertRows } from '../demo-parent/boot.js';
import { primitive } from '../demo-parent/flavors.js';
import type { Json, JsonObject } from '../demo-parent/json.js';
import { RemoteError } from '../demo-parent/questions.js';
import { interCell, rpcBody, userContext } from '../demo-parent/write-message.js';
import { environment } from '../support/environment.js';
import { Stage } from '../support/stage.js';
import { until } from '../support/until.js';

const START_MS = 60_000;
const KEPT_MS = 20_000;
const LARGE_BYTES = 50 * 1024 * 1024;
const DEEP = 100_000;
const NO_UUID = 'not-a-uuid';

interface Kept {
  readonly reason: string;
  readonly detail: string;
  readonly body_bytes: string;
}

describe('bad input', () => {
  let stage: Stage;
  let rejectedLines = 0;

  beforeAll(async () => {
    stage = await Stage.up({
      name: 'bad-input',
      release: 'rocky',
      ini: { burst: { provider: 'simulator', settle_ms: 500 } },
      onLine: (line) => {
        if (line.includes('"msg":"message rejected"')) rejectedLines += 1;
      },
    });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  /** Waits for one more kept message than before, and answers it. */
  async function kept(send: () => Promise<unknown>): Promise<Kept> {
    const before = await lastId();
    const linesBefore = rejectedLines;
    await send();
    const query = 'select reason, detail, body_bytes from rejected_messages where id > $1 order by id';
    const rows = await until(
      async () => {
        const found = await stage.database.query<Kept>(query, [before]);
        return found.length > 0 && rejectedLines > linesBefore && found;
      },
      'a message among the rejected ones, and a line of the log about it',
      KEPT_MS,
    );
    const [row, ...more] = rows as [Kept, ...Kept[]];
    expect(more).toEqual([]);
    expect(rejectedLines).toBe(linesBefore + 1);
    return row;
  }

  async function lastId(): Promise<string> {
    const [row] = await stage.database.query<{ id: string | null }>('select max(id) as id from rejected_messages');
    return row?.id ?? '0';
  }

  /** It lives, and the next message works. */
  async function expectAlive(): Promise<void> {
    expect(stage.replicas[0]?.isRunning).toBe(true);
    await expect(stage.parent.admin.services()).resolves.toEqual(expect.any(Array));
  }

  const raw = (body: string | Buffer) => () =>
    stage.parent.sender.raw('targeted', typeof body === 'string' ? Buffer.from(body) : body);
  const rpc = (change: (rpc: JsonObject) => void) => () => raw(changedRpc(stage, change))();
  const message = (change: (message: JsonObject) => void) => () => raw(rpcBody(changed(stage, change), stage.parent.dialect))();
  const call = (method: string, kwargs: JsonObject) =>
    message((m) => Object.assign(m, { method_name: method, method_kwargs: kwargs }));
  const instance = (data: JsonObject) => primitive('Instance', '2.4', data);

  const CASES: readonly (readonly [string, () => () => Promise<unknown>])[] = [
    ['a truncated body', () => raw('{"oslo.version": "2.0", "oslo.mess')],
    ['an empty body', () => raw('')],
    ['bytes that are no text', () => raw(Buffer.from([0xff, 0xfe, 0x00, 0x80]))],
    ['a list', () => raw('[1, 2, 3]')],
    ['an envelope of another version', () => raw(JSON.stringify({ 'oslo.version': '3.0', 'oslo.message': '{}' }))],
    ['an envelope around an object', () => raw(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': {} }))],
    [
      'an envelope around truncated JSON',
      () => raw(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': '{"method": "proc' })),
    ],
    ['another RPC version', () => rpc((r) => Object.assign(r, { version: '2.0' }))],
    ['a higher minor RPC version', () => rpc((r) => Object.assign(r, { version: '1.1' }))],
    ['another RPC method', () => rpc((r) => Object.assign(r, { method: 'reboot_everything' }))],
    ['another namespace', () => rpc((r) => Object.assign(r, { namespace: 'baseapi' }))],
    ['no arguments', () => rpc((r) => Object.assign(r, { args: {} }))],
    ['arguments that are a list', () => rpc((r) => Object.assign(r, { args: [] }))],
    ['an inter-cell message that is an object', () => rpc((r) => Object.assign(r, { args: { message: {} } }))],
    ['a truncated inter-cell message', () => rpc((r) => Object.assign(r, { args: { message: '{"message_type": "targ' } }))],
    ['an unknown message type', () => message((m) => Object.assign(m, { message_type: 'telepathic' }))],
    ['no context', () => message((m) => void delete m.ctxt)],
    ['a context that is a list', () => message((m) => Object.assign(m, { ctxt: [] }))],
    ['no method', () => message((m) => void delete m.method_name)],
    ['arguments of a method that are a text', () => message((m) => Object.assign(m, { method_kwargs: 'x' }))],
    ['a method it does not have', () => call('instance_explode', {})],
    ['a method called like a property of objects', () => call('__proto__', {})],
    ['a routing path that leads elsewhere', () => message((m) => Object.assign(m, { target_cell: 'api!mars' }))],
    ['a routing path from nobody', () => message((m) => Object.assign(m, { routing_path: '', target_cell: 'ec2' }))],
    ['a path that has too many hops', () => message((m) => Object.assign(m, { target_cell: 'api!ec2!deep', hop_count: 10 }))],
    ['a hop count that is NaN', () => raw(bodyWith(stage, '"hop_count":1', '"hop_count":NaN'))],
    ['an instance that is a number', () => call('start_instance', { instance: 5 })],
    [
      'an instance of another namespace',
      () => call('start_instance', { instance: { ...instance({}), 'nova_object.namespace': 'x' } }),
    ],
    ['an instance without uuid', () => call('start_instance', { instance: instance({}) })],
    ['a uuid that is none', () => call('start_instance', { instance: instance({ uuid: NO_UUID }) })],
    ['a message uuid that is none', () => message((m) => Object.assign(m, { uuid: NO_UUID }))],
    ['no argument where one is needed', () => call('start_instance', {})],
    ['a build of nothing', () => call('build_instances', { build_inst_kwargs: {} })],
    ['a build whose instances are a text', () => call('build_instances', { build_inst_kwargs: { instances: 'x' } })],
    ['a build of a uuid that is none', () => call('build_instances', buildOf(NO_UUID))],
    ['a compute API call without a method', () => call('run_compute_api_method', { method_info: {} })],
    ['a compute API call of a uuid that is none', () => call('run_compute_api_method', infoOf('reset_network', [NO_UUID]))],
    ['a compute API method of another kind', () => call('run_compute_api_method', infoOf('constructor', [randomUUID()]))],
    ['nesting as deep as a well', () => raw(`${'['.repeat(DEEP)}${']'.repeat(DEEP)}`)],
    [
      'deep nesting within the message',
      () => raw(bodyWith(stage, '"method_kwargs":{}', `"method_kwargs":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`)),
    ],
    ['a body of 50 MB', () => raw(Buffer.alloc(LARGE_BYTES, 0x20))],
  ];

  it.each(CASES)(
    'keeps %s with its reason, and goes on',
    async (_what, send) => {
      const row = await kept(send());

      expect(row.reason).toMatch(/^[a-z-]+$/);
      expect(row.detail.length).toBeGreaterThan(5);
      await expectAlive();
    },
    KEPT_MS * 2,
  );

  it.each<[string, string, JsonObject, RegExp]>([
    ['an unknown method', 'instance_explode', {}, /instance_explode/],
    [
      'an unknown compute API method',
      'run_compute_api_method',
      infoOf('explode', [randomUUID()]),
      /CellServiceAPIMethodNotFound/,
    ],
    ['a missing argument', 'actions_get', {}, /instance_uuid/],
    ['an argument of a wrong type', 'actions_get', { instance_uuid: 5 }, /./],
    ['an argument nobody knows', 'compute_node_stats', { please: true }, /please/],
  ])('answers %s with an error', async (_what, method, kwargs, error) => {
    const type = method === 'compute_node_stats' ? 'broadcast' : 'targeted';

    const row = await kept(async () => {
      const answer = stage.parent.admin.send(method, kwargs, { needResponse: true, type });
      await expect(answer).rejects.toThrow(RemoteError);
      await expect(answer).rejects.toThrow(error);
    });

    expect(row.reason).toMatch(/^[a-z-]+$/);
    await expectAlive();
  });

  it('says that a path leads nowhere to whom asked', async () => {
    const uuid = randomUUID();
    const answer = stage.parent.expectAnswer(uuid, 'actions_get');
    const refused = expect(answer).rejects.toThrow(/CellRoutingInconsistency/);
    const send = message((m) => {
      Object.assign(m, { uuid, need_response: true, target_cell: 'api!ec2!deeper', method_name: 'actions_get' });
    });

    await kept(async () => {
      await send();
      await refused;
    });
  });

  it('takes a build that holds what no database can', async () => {
    await expectAlive();
    const [uuid = ''] = await stage.parent.api.boot({ name: 'odd', metadata: { odd: 'a \u0000 in it' } });

    await stage.parent.waitFor(uuid, (shown) => shown?.vmState === 'active' || shown?.vmState === 'error');
    await expectAlive();
  });

  it('brings a build to ERROR, with the reason, whose flavor no database can hold', async () => {
    const { dialect, tables, sender } = stage.parent;
    const [row] = insertRows({ name: 'odd' }, dialect, tables);
    if (!row) throw new Error('no row');
    const { method, kwargs } = buildMessage([row], { name: 'odd' }, dialect);
    const ctxt = userContext(dialect, { projectId: 'demo', userId: 'demo' });
    const tooLarge = JSON.parse(JSON.stringify(kwargs).replaceAll(/"memory_mb":\d+/g, `"memory_mb":${2 ** 40}`));

    await sender.cast({ type: 'targeted', method, kwargs: tooLarge, ctxt });

    const shown = await stage.parent.waitFor(row.uuid, (now) => now?.vmState === 'error' && now.fault !== null);
    expect(shown?.fault?.message).toMatch(/1099511627776/);
    await expectAlive();
  });

  it('answers whoever asks for a build, as no parent does', async () => {
    const { dialect, tables, admin } = stage.parent;
    const [row] = insertRows({ name: 'asked' }, dialect, tables);
    if (!row) throw new Error('no row');
    const { method, kwargs } = buildMessage([row], { name: 'asked' }, dialect);

    await expect(admin.send(method, kwargs, { needResponse: true, type: 'targeted' })).resolves.toBeNull();
    await stage.parent.waitForState(row.uuid, 'active');
  });

  it('has acked every one of them', async () => {
    await stage.replicas[0]?.stop();

    expect(await waiting(stage)).toBe(0);
  });
});

function changed(stage: Stage, change: (message: JsonObject) => void): JsonObject {
  const ctxt = userContext(stage.parent.dialect, { projectId: 'demo', userId: 'demo' });
  const plain = { type: 'targeted' as const, method: 'announce_capacities', kwargs: {}, ctxt, needResponse: false };
  const message = interCell(plain, stage.names.parentName, stage.names.childName);
  change(message);
  return message;
}

function changedRpc(stage: Stage, change: (rpc: JsonObject) => void): string {
  const outer = JSON.parse(
    rpcBody(
      changed(stage, () => {}),
      stage.parent.dialect,
    ).toString(),
  ) as { 'oslo.message': string };
  const rpc = JSON.parse(outer['oslo.message']) as JsonObject;
  change(rpc);
  return JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(rpc) });
}

/** A body in whose inter-cell text `from` is replaced: for what JSON.stringify would not write. */
function bodyWith(stage: Stage, from: string, to: string): string {
  const text = JSON.stringify(changed(stage, () => {})).replace(from, to);
  return changedRpc(stage, (rpc) => Object.assign(rpc, { args: { message: text } }));
}

function buildOf(uuid: string): JsonObject {
  return { build_inst_kwargs: { instances: [primitive('Instance', '2.4', { uuid })], image: {}, filter_properties: {} } };
}

function infoOf(method: string, args: Json[]): JsonObject {
  return { method_info: { method, method_args: args, method_kwargs: {} } };
}

/** Messages still in the cell's queues; those that were never acked are back once it is stopped. */
async function waiting({ names }: Stage): Promise<number> {
  const connection = await amqp.connect(environment().amqpUrl);
  try {
    const channel = await connection.createChannel();
    let count = 0;
    for (const type of ['targeted', 'broadcast', 'response']) {
      count += (await channel.checkQueue(`${names.childQueueBase}.${type}`)).messageCount;
    }
    return count;
  } finally {
    await connection.close();
  }
}
