import assert from 'node:assert/strict';
import type { VerbCase } from './verb-case.js';
import type { World } from './world.js';

const POWER = { running: 1, shutdown: 4 };

/** Birth, death and power, and what is only said of a server. */
export const lifeCases: readonly VerbCase[] = [
  {
    verb: 'boot',
    run: async (world) => {
      const shown = await world.rest(await world.active(), 'active');
      assert.equal(shown.powerState, POWER.running);
      assert.ok(shown.host && shown.launchedAt, 'host and launched_at are set');
      assert.notEqual(Object.values(shown.addresses).flat().length, 0, 'it has an address');
    },
  },
  { verb: 'delete', run: (world) => deleted(world, false) },
  { verb: 'force-delete', run: (world) => deleted(world, true) },
  {
    verb: 'delete before the cell is known',
    run: async (world) => {
      const [uuid = ''] = await world.parent.api.boot({ name: 'regretted' });
      await world.parent.api.delete(uuid);
      await world.gone(uuid);
    },
  },
  {
    verb: 'start',
    run: async (world) => {
      const uuid = await world.active();
      await world.drive('stop', uuid, 'stopped');
      assert.equal((await world.drive('start', uuid, 'active')).powerState, POWER.running);
    },
  },
  {
    verb: 'stop',
    run: async (world) => {
      assert.equal((await world.drive('stop', await world.active(), 'stopped')).powerState, POWER.shutdown);
    },
  },
  { verb: 'reboot', run: (world) => rebooted(world, 'SOFT') },
  { verb: 'reboot --hard', run: (world) => rebooted(world, 'HARD') },
  {
    verb: 'lock, unlock',
    run: async (world) => {
      const uuid = await world.active();
      await world.parent.api.lock(uuid);
      await world.ownRow(uuid, ({ locked }) => locked === true);
      await world.parent.api.unlock(uuid);
      await world.ownRow(uuid, ({ locked }) => locked === false);
      await world.until('unlocked at the parent', () => world.parent.show(uuid)?.locked === false);
    },
  },
  {
    verb: 'reset-state',
    run: async (world) => {
      const uuid = await world.active();
      await world.parent.api.resetState(uuid, 'error');
      await world.ownRow(uuid, ({ vm_state: state }) => state === 'error');
      await world.parent.api.resetState(uuid, 'active');
      await world.ownRow(uuid, ({ vm_state: state }) => state === 'active');
      await world.shows(uuid, 'active');
    },
  },
  {
    verb: 'rename',
    run: async (world) => {
      const uuid = await world.active();
      await world.parent.api.rename(uuid, 'renamed');
      await world.ownRow(uuid, ({ display_name: name }) => name === 'renamed');
      assert.equal((await world.drive('stop', uuid, 'stopped')).name, 'renamed');
    },
  },
  {
    verb: 'meta set',
    run: async (world) => {
      const uuid = await world.active();
      await world.parent.api.setMetadata(uuid, { a: '1', b: '2' });
      await hasMetadata(world, uuid, { a: '1', b: '2' });
    },
  },
  {
    verb: 'meta delete',
    run: async (world) => {
      const uuid = await world.active();
      await world.parent.api.setMetadata(uuid, { a: '1', b: '2' });
      await hasMetadata(world, uuid, { a: '1', b: '2' });
      await world.parent.api.deleteMetadata(uuid, 'a');
      await hasMetadata(world, uuid, { b: '2' });
    },
  },
  ...round('pause', 'paused', 'unpause', 3),
  ...round('suspend', 'suspended', 'resume'),
  ...round('rescue', 'rescued', 'unrescue', POWER.running),
  {
    verb: 'delete (deferred)',
    run: async (world) => {
      const uuid = await world.active();
      assert.equal((await world.drive('soft-delete', uuid, 'soft-delete')).powerState, POWER.shutdown);
    },
  },
  {
    verb: 'restore',
    run: async (world) => {
      const uuid = await world.active();
      await world.drive('soft-delete', uuid, 'soft-delete');
      assert.equal((await world.drive('restore', uuid, 'active')).powerState, POWER.running);
    },
  },
];

async function deleted(world: World, force: boolean): Promise<void> {
  const uuid = await world.active();
  await world.parent.api.delete(uuid, { force });
  await world.gone(uuid);
}

async function rebooted(world: World, type: 'SOFT' | 'HARD'): Promise<void> {
  const uuid = await world.active();
  await world.parent.api.reboot(uuid, type);
  assert.equal((await world.rest(uuid, 'active')).powerState, POWER.running);
}

/** A verb into a state and the verb out of it. */
function round(there: string, state: string, back: string, power?: number): VerbCase[] {
  const into = async (world: World) => {
    const uuid = await world.active();
    const shown = await world.drive(there, uuid, state);
    if (power !== undefined) assert.equal(shown.powerState, power);
    return uuid;
  };
  return [
    { verb: there, run: async (world) => void (await into(world)) },
    {
      verb: back,
      run: async (world) => {
        const shown = await world.drive(back, await into(world), 'active');
        assert.equal(shown.powerState, POWER.running);
      },
    },
  ];
}

async function hasMetadata(world: World, uuid: string, wanted: Readonly<Record<string, string>>): Promise<void> {
  await world.eventually(`metadata ${JSON.stringify(wanted)}`, async () => {
    const rows = await world.database.query<{ key: string; value: string }>(
      'select key, value from instance_metadata where instance_uuid = $1 and deleted = 0',
      [uuid],
    );
    const found = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
    return JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(wanted).sort()) ? true : undefined;
  });
}
