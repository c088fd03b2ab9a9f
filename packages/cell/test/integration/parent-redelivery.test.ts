import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from '../support/stage.js';

const START_MS = 60_000;
const SETTLE_MS = 1_000;

describe('messages that come twice', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.up({
      name: 'redelivery',
      release: 'rocky',
      ini: { burst: { provider: 'simulator', settle_ms: SETTLE_MS, update_gap_ms: 200 }, simulator: { boot_delay_ms: 300 } },
      parent: { repeatShare: 1, seed: 7 },
    });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  afterEach(() => {
    expect(stage.parent.violations).toEqual([]);
  });

  it('build each server once', async () => {
    const { parent, database } = stage;
    const uuids = await parent.api.boot({ name: 'twice', count: 3 });
    await Promise.all(uuids.map((uuid) => parent.waitForState(uuid, 'active')));
    await allTaken(stage);

    const builds = await database.query(`select 1 from operations where verb = 'build' and instance_uuid = any($1)`, [uuids]);
    const machines = await database.query('select 1 from provider_instances where uuid = any($1)', [uuids]);

    expect([builds.length, machines.length]).toEqual([3, 3]);
  });

  it('stop, start and reboot once each', async () => {
    const { parent } = stage;
    const uuid = await active(stage);
    await parent.api.stop(uuid);
    await parent.waitForState(uuid, 'stopped');
    await parent.api.start(uuid);
    await parent.waitForState(uuid, 'active');
    await parent.api.reboot(uuid);
    await parent.waitForState(uuid, 'active');
    await allTaken(stage);

    const actions = await parent.admin.actions(uuid);

    expect(actions.map(({ action }) => action)).toEqual(['reboot', 'start', 'stop', 'create']);
    expect(parent.show(uuid)).toMatchObject({ vmState: 'active', taskState: null });
  });

  it('do not bring a stop of long ago over a start', async () => {
    const { parent } = stage;
    const uuid = await active(stage);
    const stops = recordStops(stage);
    await parent.api.stop(uuid);
    await parent.waitForState(uuid, 'stopped');
    await parent.api.start(uuid);
    await parent.waitForState(uuid, 'active');

    for (const message of stops()) await parent.sender.again(message);
    await parent.admin.services();
    await allTaken(stage);

    expect(parent.show(uuid)).toMatchObject({ vmState: 'active', taskState: null });
  });

  it('delete a server once, and answer a delete of a server that is gone', async () => {
    const { parent, database } = stage;
    const uuid = await active(stage);
    await Promise.all([parent.api.delete(uuid), parent.api.delete(uuid)]);
    await parent.waitForGone(uuid);
    await allTaken(stage);

    const rows = await database.query('select 1 from instances where uuid = $1 and deleted = 0', [uuid]);

    expect(rows).toEqual([]);
  });

  it('get one answer each at least, and none of them wrong', async () => {
    const { admin } = stage.parent;

    await expect(Promise.all([admin.services(), admin.statistics(), admin.hypervisors()])).resolves.toHaveLength(3);
  });
});

async function active(stage: Stage): Promise<string> {
  const [uuid = ''] = await stage.parent.api.boot({ name: 'one' });
  await stage.parent.waitForState(uuid, 'active');
  return uuid;
}

/** The uuids of messages sent from now on. */
function recordStops({ parent }: Stage): () => readonly string[] {
  const before = new Set(parent.sender.messages());
  return () => parent.sender.messages().filter((uuid) => !before.has(uuid));
}

/** The repeats have been sent, and nothing that came is unfinished. */
async function allTaken({ parent, database }: Stage): Promise<void> {
  await parent.sender.repeated();
  const until = Date.now() + START_MS;
  for (;;) {
    await parent.admin.services();
    const open = await database.query('select 1 from operations where finished_at is null');
    if (open.length === 0) return;
    if (Date.now() > until) throw new Error(`${open.length} operations never ended`);
  }
}
