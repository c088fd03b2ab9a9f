import { describe, expect, it } from '@jest/globals';
import {
  castOf,
  decodeInterCell,
  dialectOf,
  encodeInterCell,
  interCellMessageOf,
  intercellTargets,
  type JsonObject,
  newBroadcastUp,
  newTargetedUp,
  parseJson,
  stringifyJson,
  topologyOf,
} from '../src/index.js';
import { topologyOfTarget } from '../src/rpc/names.js';
import { aMessage } from './builders.js';

function wire(overrides: JsonObject = {}): string {
  return stringifyJson({ ...(parseJson(encodeInterCell(aMessage())) as JsonObject), ...overrides });
}

describe('an inter-cell message', () => {
  it('is the same after a trip over the wire', () => {
    const message = aMessage({
      messageType: 'response',
      responseUuid: 'a',
      methodKwargs: { name: 'é', big: 2n ** 60n, nan: Number.NaN },
    });

    expect(decodeInterCell(encodeInterCell(message))).toEqual(message);
  });

  it('tolerates keys it does not know', () => {
    expect(decodeInterCell(wire({ run_locally: true }))).toEqual(aMessage());
  });

  it.each([
    ['message_type', 'shouted'],
    ['ctxt', null],
    ['method_name', 7],
    ['method_name', ''],
    ['method_kwargs', []],
    ['direction', 'sideways'],
    ['need_response', 'yes'],
    ['fanout', 1],
    ['uuid', 'not-a-uuid'],
    ['routing_path', ''],
    ['hop_count', -1],
    ['hop_count', '2'],
    ['max_hop_count', 1.5],
    ['target_cell', null],
  ])('is refused where %s is %j, naming the key', (key, value) => {
    expect(() => decodeInterCell(wire({ [key]: value }))).toThrow(
      expect.objectContaining({ kind: 'bad-message', message: expect.stringContaining(key) }),
    );
  });

  it('needs response_uuid to be a response', () => {
    expect(() => decodeInterCell(wire({ message_type: 'response' }))).toThrow(/response_uuid/);
  });

  it.each([
    ['{"message_type": "targ', 'bad-json'],
    ['[]', 'bad-message'],
    [`${'['.repeat(100_000)}`, 'bad-json'],
    ['NaN', 'bad-message'],
  ])('%.30s is refused as %s', (text, kind) => {
    expect(() => decodeInterCell(text)).toThrow(expect.objectContaining({ kind }));
  });

  it('is not polluted by __proto__', () => {
    const message = decodeInterCell(wire({ method_kwargs: { __proto__x: 1 } }).replace('__proto__x', '__proto__'));

    expect(Object.getPrototypeOf(message.methodKwargs)).toBe(Object.prototype);
  });
});

describe('our own messages up', () => {
  const base = { ctxt: {}, methodName: 'm', methodKwargs: {}, myName: 'ec2' };

  it("are addressed by our name and the parent's own", () => {
    expect(newTargetedUp({ ...base, parentName: 'api', fanout: true })).toMatchObject({
      messageType: 'targeted',
      targetCell: 'ec2!api',
      routingPath: 'ec2',
      hopCount: 1,
      fanout: true,
      direction: 'up',
      needResponse: false,
    });
  });

  it('are broadcast without target, under a uuid that a resend can keep', () => {
    const message = newBroadcastUp({ ...base, uuid: 'the-same' });

    expect(message).toMatchObject({ messageType: 'broadcast', uuid: 'the-same', fanout: false });
    expect(message).not.toHaveProperty('targetCell');
  });
});

describe('the RPC between cells', () => {
  it('carries the message as a text in process_message', () => {
    const { target, call } = castOf(aMessage());

    expect(target).toEqual({ exchange: 'nova', topic: 'cells.intercell.targeted', fanout: false });
    expect(call).toMatchObject({ method: 'process_message', version: '1.0' });
    expect(interCellMessageOf(call)).toEqual(aMessage());
  });

  it.each([
    [{ method: 'do_something', args: {} }, 'unknown-method'],
    [{ method: 'process_message', args: {} }, 'bad-arguments'],
    [{ method: 'process_message', args: { message: {} } }, 'bad-arguments'],
  ])('%j is refused as %s', (request, kind) => {
    expect(() => interCellMessageOf(request)).toThrow(expect.objectContaining({ kind }));
  });

  it('declares what a child of the release declares, with our own queues durable', () => {
    const [targeted] = intercellTargets('host-1', topologyOf(dialectOf('rocky')));
    if (targeted === undefined) throw new Error('no target');

    expect(topologyOfTarget(targeted, 'f00')).toEqual({
      exchanges: [
        { name: 'nova', type: 'topic', durable: false, autoDelete: false },
        { name: 'cells.intercell.targeted_fanout', type: 'fanout', durable: false, autoDelete: true },
      ],
      queues: [
        queue('cells.intercell.targeted', 'nova', 'cells.intercell.targeted'),
        queue('cells.intercell.targeted.host-1', 'nova', 'cells.intercell.targeted.host-1'),
        {
          ...queue('cells.intercell.targeted_fanout_f00', 'cells.intercell.targeted_fanout', 'cells.intercell.targeted'),
          durable: false,
          arguments: { 'x-expires': 1_800_000 },
        },
      ],
    });
  });

  it('has auto-delete fanout queues up to Liberty and no server queue up to Havana', () => {
    const [target] = intercellTargets('host-1', topologyOf(dialectOf('havana')));
    if (target === undefined) throw new Error('no target');

    const { queues } = topologyOfTarget(target, 'f00');

    expect(queues.map(({ name, autoDelete }) => [name, autoDelete])).toEqual([
      ['cells.intercell.targeted', false],
      ['cells.intercell.targeted_fanout_f00', true],
    ]);
  });
});

function queue(name: string, exchange: string, routingKey: string): object {
  return { name, durable: true, autoDelete: false, bindings: [{ exchange, routingKey }] };
}
