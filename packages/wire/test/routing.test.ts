import { describe, expect, it } from '@jest/globals';
import {
  answerItem,
  arrive,
  bareItem,
  broadcastTargets,
  decodeFailure,
  decodeInterCell,
  decodeResponse,
  encodeFailure,
  encodeInterCell,
  forwarded,
  type InterCellMessage,
  nova,
  novaError,
  parseJson,
  RemoteError,
  refusal,
  responseTo,
  responseWith,
  reversePath,
  route,
} from '../src/index.js';
import { aBroadcast, aMessage, UUID } from './builders.js';

const LEAF = { parents: ['api'], children: [] };

/** As it would reach the next cell: over the wire. */
function sent(message: InterCellMessage): InterCellMessage {
  return decodeInterCell(encodeInterCell(message));
}

describe('routing', () => {
  it('is here when the target is the path with our name', () => {
    expect(route(arrive(aMessage(), 'ec2'), LEAF)).toEqual({ kind: 'here' });
  });

  it('counts the hop and appends the name on arrival', () => {
    expect(arrive(aMessage(), 'ec2')).toMatchObject({ routingPath: 'api!ec2', hopCount: 2 });
  });

  it.each([
    ['api!other', 'ec2', 'destination is api!other but routing_path is api!ec2'],
    ['api', 'ec2', 'destination is api but routing_path is api!ec2'],
    ['top!api!ec2', 'ec2', 'destination is top!api!ec2 but routing_path is api!ec2'],
    ['api!ec2!below', 'ec2', 'Unknown child when routing to api!ec2!below'],
  ])('refuses %s at %s', (targetCell, name, reason) => {
    const refused = route(arrive(aMessage({ targetCell }), name), LEAF);

    expect(refused).toMatchObject({
      kind: 'refused',
      error: { className: 'CellRoutingInconsistency', module: 'nova.exception' },
    });
    expect(refused.kind === 'refused' && refused.error.message).toContain(reason);
  });

  it('stops at the most hops', () => {
    const message = arrive(aMessage({ targetCell: 'api!mid!leaf', maxHopCount: 2 }), 'mid');

    expect(route(message, { parents: ['api'], children: ['leaf'] })).toMatchObject({
      kind: 'refused',
      error: { className: 'CellMaxHopCountReached' },
    });
  });

  it('carries a message through two middle cells and its answer back', () => {
    const neighbours = {
      mid: { parents: ['api'], children: ['low'] },
      low: { parents: ['mid'], children: ['leaf'] },
      leaf: { parents: ['low'], children: [] },
    };
    let message = aMessage({ targetCell: 'api!mid!low!leaf' });
    for (const [name, next] of [
      ['mid', 'low'],
      ['low', 'leaf'],
    ] as const) {
      message = arrive(sent(message), name);
      expect(route(message, neighbours[name])).toEqual({ kind: 'forward', to: next, direction: 'down' });
    }
    const arrived = arrive(sent(forwarded(message)), 'leaf');
    expect(route(arrived, neighbours.leaf)).toEqual({ kind: 'here' });

    let answer = responseTo(arrived, 'leaf', { value: 'done' });
    expect(answer).toMatchObject({ targetCell: 'leaf!low!mid!api', direction: 'up', fanout: false });
    for (const [name, next, fanout] of [
      ['low', 'mid', false],
      ['mid', 'api', true],
    ] as const) {
      const passing = arrive(sent(answer), name);
      expect(route(passing, neighbours[name])).toEqual({ kind: 'forward', to: next, direction: 'up' });
      answer = forwarded(passing);
      expect(answer.fanout).toBe(fanout);
    }
    const home = arrive(sent(answer), 'api');
    expect(route(home, { parents: [], children: ['mid'] })).toEqual({ kind: 'here' });
    expect(decodeResponse(home).items).toEqual([{ cellName: 'api!mid!low!leaf', value: 'done' }]);
  });

  it('forwards a broadcast to every neighbour further on, and not beyond the most hops', () => {
    const neighbours = { parents: ['api'], children: ['a', 'b'] };

    expect(broadcastTargets(arrive(aBroadcast(), 'mid'), neighbours)).toEqual(['a', 'b']);
    expect(broadcastTargets(arrive(aBroadcast({ direction: 'up' }), 'mid'), neighbours)).toEqual(['api']);
    expect(broadcastTargets(arrive(aBroadcast({ maxHopCount: 2 }), 'mid'), neighbours)).toEqual([]);
    expect(broadcastTargets(arrive(aMessage(), 'mid'), neighbours)).toEqual([]);
    expect(route(arrive(aBroadcast(), 'mid'), neighbours)).toEqual({ kind: 'here' });
  });

  it('reverses paths and strips cells from items at the last @', () => {
    expect(reversePath('api!mid!ec2')).toBe('ec2!mid!api');
    expect(bareItem('api!ec2@host@1')).toBe('1');
    expect(bareItem('host')).toBe('host');
  });
});

describe('a response', () => {
  const arrived = arrive(aMessage(), 'ec2');

  it('goes to every worker of the parent, quotes the request and keeps its context', () => {
    const response = responseTo(arrived, 'ec2', { value: [1] }, UUID);

    expect(response).toMatchObject({
      messageType: 'response',
      methodName: 'parse_responses',
      direction: 'up',
      needResponse: false,
      fanout: true,
      uuid: UUID,
      responseUuid: arrived.uuid,
      routingPath: 'ec2',
      hopCount: 1,
      targetCell: 'ec2!api',
      ctxt: arrived.ctxt,
    });
    expect(parseJson(String(response.methodKwargs.orig_message))).toMatchObject({ routing_path: 'api!ec2', hop_count: 2 });
  });

  it('has items of exactly three keys, each a text: a fourth would kill the answer', () => {
    const { responses } = responseTo(arrived, 'ec2', { value: 'é' }).methodKwargs;

    expect(responses).toEqual(['{"cell_name":"api!ec2","value":"\\u00e9","failure":false}']);
  });

  it('carries a failure as ASCII text without traceback, read back as the same error', () => {
    const failure = new RemoteError({
      className: 'InstanceNotFound',
      module: 'nova.exception',
      message: 'né',
      kwargs: { code: 404 },
      tb: ['  File "x"'],
    });
    const message = responseTo(arrived, 'ec2', { failure });
    const text = String((message.methodKwargs.responses as string[])[0]);

    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(text).not.toContain('File');
    expect(decodeResponse(sent(message)).items).toMatchObject([
      { cellName: 'api!ec2', failure: { className: 'InstanceNotFound', message: 'né', args: ['né'] } },
    ]);
  });

  it('to a broadcast goes one hop and gathers what came from below', () => {
    const broadcast = arrive(arrive(aBroadcast(), 'mid'), 'low');
    const below = { cellName: 'api!mid!low!leaf', value: [2] };

    const message = responseWith(broadcast, 'low', [answerItem(broadcast, { value: [1] }), below]);

    expect(message).toMatchObject({ targetCell: 'low!mid', fanout: true });
    expect(decodeResponse(message).items).toEqual([{ cellName: 'api!mid!low', value: [1] }, below]);
  });

  it.each([
    [{}],
    [{ responses: 'x' }],
    [{ responses: [7] }],
    [{ responses: ['{'] }],
    [{ responses: ['{"cell_name": "a", "value": 1, "failure": true}'] }],
  ])('%j is refused', (methodKwargs) => {
    const broken = aMessage({ messageType: 'response', responseUuid: UUID, methodKwargs });

    expect(() => decodeResponse(broken)).toThrow(expect.objectContaining({ kind: 'bad-message' }));
  });
});

describe('remote errors', () => {
  it("of nova's carry the message as argument and their parameters with the code", () => {
    expect(parseJson(encodeFailure(nova.instanceNotFound(UUID)))).toEqual({
      class: 'InstanceNotFound',
      module: 'nova.exception',
      message: `Instance ${UUID} could not be found.`,
      tb: [],
      args: [`Instance ${UUID} could not be found.`],
      kwargs: { instance_id: UUID, code: 404 },
    });
  });

  it('of Python come from the module that a Python 2 parent rebuilds', () => {
    expect(nova.notImplemented()).toMatchObject({ className: 'NotImplementedError', module: 'exceptions' });
    expect(nova.unknownMethod('fly')).toMatchObject({ className: 'AttributeError', module: 'exceptions' });
  });

  it('map each kind of refusal to a class of all releases and its code', () => {
    expect(refusal('quota', 'no more')).toMatchObject({ className: 'OverQuota', message: 'no more', code: 413 });
    expect(refusal('unsupported', 'x')).toMatchObject({ className: 'InstanceInvalidState', code: 409 });
  });

  it('name the consoles that there are instead of the one that is not', () => {
    expect(nova.consoleTypeUnavailable('x')).toMatchObject({ message: 'Unavailable console type x.', code: 400 });
    expect(nova.consoleTypeUnavailable('x', ['novnc', 'serial']).message).toBe(
      'Unavailable console type x. This server has: novnc, serial.',
    );
  });

  it('survive a round trip', () => {
    const error = novaError('ConsoleTypeUnavailable', 'Unavailable console type x.', { console_type: 'x', code: 400 });

    expect(decodeFailure(encodeFailure(error))).toEqual(error);
  });

  it.each(['', 'x', '[]', '{}', '{"class": 7}'])('%j is no failure', (text) => {
    expect(() => decodeFailure(text)).toThrow(expect.objectContaining({ kind: 'bad-message' }));
  });
});
