import { dialectOf, type InterCellMessage } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import type { CellsV1Options } from '../../src/fronts/cells-v1/options.js';
import { routeMessage } from '../../src/fronts/cells-v1/router.js';
import { aMessage } from './tools.js';

const options = { name: 'region', dialect: dialectOf('rocky') } as CellsV1Options;
const neighbours = { parentNames: ['api'], childNames: ['ec2', 'edge'] };

/** On its way to us, as the cell before sent it. */
function sent(more: Partial<InterCellMessage>): InterCellMessage {
  return aMessage({ routingPath: 'api', hopCount: 1, ...more });
}

const INSTANCE = { instance: { uuid: '11111111-1111-4111-8111-111111111111' } };
const toRegion = { targetCell: 'api!region', methodKwargs: INSTANCE };

describe('a message that comes to a cell in the middle', () => {
  it('is ours when its path ends here', () => {
    expect(routeMessage(sent(toRegion), options, neighbours)).toMatchObject({ kind: 'handle', onward: [] });
  });

  it.each([
    ['a child', 'api!region!ec2', ['ec2']],
    ['a cell below a child', 'api!region!edge!far', ['edge']],
  ])('goes on to %s', (_name, targetCell, to) => {
    const routed = routeMessage(sent({ targetCell }), options, neighbours);

    expect(routed).toMatchObject({ kind: 'pass', to, message: { routingPath: 'api!region', hopCount: 2 } });
  });

  it('goes on up to the parent, when it is the answer of a child', () => {
    const response = sent({
      messageType: 'response',
      methodName: 'parse_responses',
      direction: 'up',
      routingPath: 'ec2',
      targetCell: 'ec2!region!api',
      responseUuid: '22222222-2222-4222-8222-222222222222',
    });

    expect(routeMessage(response, options, neighbours)).toMatchObject({ kind: 'pass', to: ['api'] });
  });

  it.each([
    ['a child that is unknown', { targetCell: 'api!region!nowhere' }, 'Unknown child'],
    ['a path that is not ours', { targetCell: 'api!other' }, 'destination is'],
    ['more cells than allowed', { targetCell: 'api!region!ec2', maxHopCount: 2 }, 'hop'],
  ])('is refused for %s', (_name, more, said) => {
    const routed = routeMessage(sent(more), options, neighbours);

    expect(routed).toMatchObject({ kind: 'refuse', reason: 'routing', detail: expect.stringMatching(new RegExp(said, 'i')) });
  });
});

describe('a broadcast that comes to a cell in the middle', () => {
  const { targetCell: _none, ...broadcast } = sent({
    messageType: 'broadcast',
    methodName: 'service_get_all',
    needResponse: true,
  });
  const query: InterCellMessage = { ...broadcast, methodKwargs: { filters: {} } };

  it('is for us and for every child', () => {
    expect(routeMessage(query, options, neighbours)).toMatchObject({ kind: 'handle', onward: ['ec2', 'edge'] });
  });

  it('ends here when it has made its hops', () => {
    expect(routeMessage({ ...query, maxHopCount: 2 }, options, neighbours)).toMatchObject({ kind: 'handle', onward: [] });
  });

  it('from a child goes to the parents, and nothing of it is done here', () => {
    const update: InterCellMessage = {
      ...query,
      methodName: 'instance_update_at_top',
      direction: 'up',
      needResponse: false,
      routingPath: 'ec2',
    };

    expect(routeMessage(update, options, neighbours)).toMatchObject({
      kind: 'pass',
      to: ['api'],
      message: { routingPath: 'ec2!region', hopCount: 2 },
    });
  });

  it('from below is refused when nobody is above', () => {
    const update: InterCellMessage = { ...query, direction: 'up', routingPath: 'ec2' };

    expect(routeMessage(update, options, { parentNames: [], childNames: ['ec2'] })).toMatchObject({
      kind: 'refuse',
      reason: 'routing',
    });
  });

  it('up from a cell that is no child of ours is refused', () => {
    const update: InterCellMessage = { ...query, direction: 'up', routingPath: 'stranger' };

    expect(routeMessage(update, options, neighbours)).toMatchObject({ kind: 'refuse', reason: 'bad-message' });
  });
});

describe('what a child says of itself', () => {
  const said = (methodName: string) =>
    sent({ methodName, direction: 'up', routingPath: 'ec2', targetCell: 'ec2!region', methodKwargs: { cell_name: 'ec2' } });

  it.each(['update_capabilities', 'update_capacities'])('by %s is heard', (method) => {
    expect(routeMessage(said(method), options, neighbours)).toMatchObject({ kind: 'child', child: 'ec2' });
  });

  it('by any other targeted method is refused', () => {
    expect(routeMessage(said('start_instance'), options, neighbours)).toMatchObject({ kind: 'refuse', reason: 'unknown-method' });
  });
});
