import type { InterCellMessage } from '@burstcell/wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HELD_PER_NEIGHBOUR } from '../../src/fronts/cells-v1/timings.js';
import { Tree } from './tree.js';

let tree: Tree;
const aTree = (paths: readonly string[], options?: { callTimeoutMs?: number }): Tree => {
  tree = new Tree(paths, options);
  return tree;
};

afterEach(() => tree.stop());

const QUERY = {
  messageType: 'broadcast',
  methodName: 'service_get_all',
  methodKwargs: { filters: {} },
  needResponse: true,
} as const;
const HOST_QUERY = { methodName: 'service_get_by_compute_host', methodKwargs: { host_name: 'x' }, needResponse: true } as const;
const UPDATE = {
  messageType: 'broadcast',
  methodName: 'instance_update_at_top',
  methodKwargs: { instance: { uuid: '11111111-1111-4111-8111-111111111111', anything: [1, 2, 3] } },
} as const;

describe('a question to a cell below a cell of ours', () => {
  it('is answered through every cell between, at any depth', async () => {
    aTree(['api!region!area!ec2']);

    const asked = tree.fromTop({ ...HOST_QUERY, targetCell: 'api!region!area!ec2' }, 'region');
    const items = await tree.answer(asked);

    expect(items.map(({ cellName }) => cellName)).toEqual(['api!region!area!ec2']);
    const [response] = tree.atTop;
    expect(response).toMatchObject({
      routingPath: 'ec2!area!region',
      hopCount: 3,
      fanout: true,
      targetCell: 'ec2!area!region!api',
    });
  });

  it('that goes too far is answered with the reason by the cell that stopped it', async () => {
    aTree(['api!region!area!ec2']);

    const asked = tree.fromTop({ ...HOST_QUERY, targetCell: 'api!region!area!ec2', maxHopCount: 3 }, 'region');
    const [item] = await tree.answer(asked);

    expect(item).toMatchObject({ cellName: 'api!region!area', failure: { className: 'CellMaxHopCountReached' } });
    expect(tree.cell('area').rejected).toEqual(['routing']);
  });

  it('is answered with a failure when that cell’s broker takes nothing in time', async () => {
    aTree(['api!region!ec2'], { callTimeoutMs: 60 });
    tree.cell('ec2').isReachable = false;

    const asked = tree.fromTop({ ...HOST_QUERY, targetCell: 'api!region!ec2' }, 'region');
    const [item] = await tree.answer(asked);

    expect(item).toMatchObject({ cellName: 'api!region', failure: { className: 'ServiceUnavailable' } });
  });
});

describe('a listing of a tree of cells', () => {
  it('comes as one answer with the items of all of them', async () => {
    aTree(['api!region!ec2', 'api!region!edge!far']);

    const items = await tree.answer(tree.fromTop(QUERY, 'region'));

    expect(items.map(({ cellName }) => cellName).sort()).toEqual([
      'api!region',
      'api!region!ec2',
      'api!region!edge',
      'api!region!edge!far',
    ]);
    expect(tree.atTop).toHaveLength(1);
    expect(tree.atTop[0]).toMatchObject({ targetCell: 'region!api', routingPath: 'region', hopCount: 1 });
  });

  it('comes without a cell that is away, instead of not at all', async () => {
    aTree(['api!region!ec2', 'api!region!edge'], { callTimeoutMs: 80 });
    tree.cell('edge').isReachable = false;

    const items = await tree.answer(tree.fromTop(QUERY, 'region'));

    expect(items.map(({ cellName }) => cellName).sort()).toEqual(['api!region', 'api!region!ec2']);
  });
});

describe('what a child reports', () => {
  const sentUp = (more: Omit<Partial<InterCellMessage>, 'targetCell'> & { targetCell?: string } = {}): Promise<void> =>
    tree.fromBelow('ec2', { ...UPDATE, ...more } as InterCellMessage);

  it('goes up as it is but for its path, and nothing of it is stored on the way', async () => {
    aTree(['api!region!ec2']);

    await sentUp();
    await tree.until(() => tree.atTop.length === 1);

    expect(tree.atTop[0]).toMatchObject({ methodKwargs: UPDATE.methodKwargs, routingPath: 'ec2!region', hopCount: 2 });
    expect(tree.cell('region').committed).toEqual([]);
  });

  it('is acked only when the next broker has it', async () => {
    aTree(['api!area!region!ec2']);
    const [area, region] = [tree.cell('area'), tree.cell('region')];
    area.isReachable = false;

    await sentUp();
    await new Promise(setImmediate);
    const whileAway = [region.acked, tree.atTop.length];
    area.isReachable = true;
    await tree.until(() => region.acked === 1);

    expect([whileAway, tree.atTop.length]).toEqual([[0, 0], 1]);
  });

  it('is the broker’s again when we stop before the next one has it', async () => {
    aTree(['api!area!region!ec2']);
    const [area, region] = [tree.cell('area'), tree.cell('region')];
    area.isReachable = false;

    await sentUp();
    region.stop();
    await tree.settled();

    expect([region.acked, region.rejected]).toEqual([0, []]);
  });

  it('does not fill us up when the broker above is away: what is too much is kept with its reason', async () => {
    aTree(['api!area!region!ec2']);
    const region = tree.cell('region');
    tree.cell('area').isReachable = false;

    for (let index = 0; index <= HELD_PER_NEIGHBOUR; index += 1) await sentUp();
    await tree.until(() => region.acked === 1);

    expect(region.rejected).toEqual(['unreachable']);
  });

  it('asks the top on its behalf, and brings it one answer', async () => {
    aTree(['api!region!ec2']);
    const answered = tree.cell('ec2').calls;

    await sentUp({ methodName: 'get_keypair_at_top', methodKwargs: { user_id: 'u', name: 'k' }, needResponse: true });
    await tree.until(() => tree.atTop.length === 1);
    const [question] = tree.atTop;
    const got = answered.wait(question?.uuid ?? '', 1_000, new AbortController().signal);
    tree.fromTop(
      {
        messageType: 'response',
        methodName: 'parse_responses',
        methodKwargs: {
          orig_message: '',
          responses: [JSON.stringify({ cell_name: 'ec2!region!api', value: 'key', failure: false })],
        },
        targetCell: 'api!region',
        responseUuid: question?.uuid ?? '',
      },
      'region',
    );

    expect((await got)?.items).toEqual([
      { cellName: 'ec2!region!api', value: 'key' },
      { cellName: 'ec2!region', value: null },
    ]);
  });

  it('of its room is added to ours at once', async () => {
    aTree(['api!region!ec2']);
    const region = tree.cell('region');
    const ram_free = { total_mb: 512, units_by_mb: { '512': 1 } };

    await sentUp({
      messageType: 'targeted',
      methodName: 'update_capacities',
      methodKwargs: { cell_name: 'ec2', capacities: { ram_free } },
      targetCell: 'ec2!region',
    });
    await tree.until(() => region.capacityNews === 1);

    const none = { total_mb: 0, units_by_mb: {} };
    expect(region.children.capacitiesWith({ ram_free: none, disk_free: none }).ram_free).toEqual(ram_free);
  });
});
