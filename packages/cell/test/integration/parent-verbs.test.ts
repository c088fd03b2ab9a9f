import { describe, expect, it } from '@jest/globals';
import { aRow } from '../demo-parent/judge-bench.js';
import { active, boot, eventually, expectNoGhosts, keyPair, PARENTS, rowGone, rowOf, stageFor, UNKNOWN } from './parent-kit.js';

describe.each(PARENTS)(
  'the life of a server of a %s parent, at a cell whose machines take %d ms to boot',
  (release, bootDelayMs) => {
    const on = stageFor('verbs', release, bootDelayMs);

    it('boots one: ACTIVE with host, addresses and launched_at, and no ghost in the list', async () => {
      const uuid = await boot(on.stage);
      const shown = await on.stage.parent.waitForState(uuid, 'active');

      expect(shown).toMatchObject({ powerState: 1, host: expect.stringMatching(/./), launchedAt: expect.stringMatching(/^20/) });
      expect(Object.values(shown.addresses).flat()).not.toEqual([]);
      await expectNoGhosts(on.stage);
    });

    it('needs no more than three updates for a build', async () => {
      const uuid = await boot(on.stage);
      await on.stage.parent.waitForState(uuid, 'active');
      // The last word is said once more; whatever else would come has come by then.
      await on.stage.parent.waitFor(uuid, (shown) => (shown?.updates ?? 0) >= 2);

      expect(on.stage.parent.show(uuid)?.updates).toBeLessThanOrEqual(3);
    });

    it('boots three with one request, each with a name of its own', async () => {
      const uuids = await on.stage.parent.api.boot({ name: 'trio', count: 3 });
      const shown = await Promise.all(uuids.map((uuid) => on.stage.parent.waitForState(uuid, 'active')));

      expect(shown.map(({ name }) => name).sort()).toEqual(['trio-1', 'trio-2', 'trio-3']);
    });

    it('says ERROR and why when a flavor is too large for the cell', async () => {
      const [uuid = ''] = await on.stage.parent.api.boot({ name: 'huge', flavor: 'x1.huge' });
      const shown = await on.stage.parent.waitFor(
        uuid,
        (now) => now?.vmState === 'error' && now.taskState === null && now.fault !== null,
      );

      expect(shown?.fault).toMatchObject({ message: expect.stringMatching(/\w+ \w+/) });
      expect(shown?.fault?.code).not.toBe(500);
    });

    it('asks the parent for the key when a build brings only its name', async () => {
      const { parent } = on.stage;
      parent.tables.keyPairs.set('demo-user/ops', keyPair());
      const [uuid = ''] = await parent.api.boot({ name: 'keyed', keyName: 'ops' });

      await parent.waitForState(uuid, 'active');

      expect(parent.judge.counts.get('get_keypair_at_top')).toBeGreaterThan(0);
    });

    it('stops and starts', async () => {
      const uuid = await active(on.stage);

      await on.stage.parent.api.stop(uuid);
      const stopped = await on.stage.parent.waitForState(uuid, 'stopped');
      await on.stage.parent.api.start(uuid);
      const started = await on.stage.parent.waitForState(uuid, 'active');

      expect([stopped.powerState, started.powerState]).toEqual([4, 1]);
    });

    it('stops as a call and answers when it is done', async () => {
      const uuid = await active(on.stage);

      await expect(on.stage.parent.api.stopAndWait(uuid)).resolves.toBeNull();
      await on.stage.parent.waitForState(uuid, 'stopped');
    });

    it.each(['SOFT', 'HARD'] as const)('reboots %s', async (type) => {
      const uuid = await active(on.stage);

      await on.stage.parent.api.reboot(uuid, type);
      const shown = await on.stage.parent.waitForState(uuid, 'active');

      expect(shown.powerState).toBe(1);
    });

    it('takes lock, unlock, a new name and reset-state over into its own row', async () => {
      const uuid = await active(on.stage);

      await on.stage.parent.api.lock(uuid);
      await rowOf(on.stage, uuid, ({ locked }) => locked === true);
      await on.stage.parent.api.unlock(uuid);
      await rowOf(on.stage, uuid, ({ locked }) => locked === false);
      await on.stage.parent.api.rename(uuid, 'renamed');
      await rowOf(on.stage, uuid, ({ display_name }) => display_name === 'renamed');
      await on.stage.parent.api.resetState(uuid, 'error');
      await rowOf(on.stage, uuid, ({ vm_state }) => vm_state === 'error');
      await on.stage.parent.api.resetState(uuid, 'active');
      await rowOf(on.stage, uuid, ({ vm_state }) => vm_state === 'active');

      expect(on.stage.parent.show(uuid)).toMatchObject({ name: 'renamed', vmState: 'active', locked: false });
    });

    it('keeps metadata that is set, and drops what is deleted', async () => {
      const uuid = await active(on.stage);
      const keys = 'select key, value from instance_metadata where instance_uuid = $1 and deleted = 0 order by key';

      await on.stage.parent.api.setMetadata(uuid, { a: '1', b: '2' });
      await eventually(async () => expect(await on.stage.database.query(keys, [uuid])).toHaveLength(2));
      await on.stage.parent.api.deleteMetadata(uuid, 'a');
      await eventually(async () => expect(await on.stage.database.query(keys, [uuid])).toEqual([{ key: 'b', value: '2' }]));
    });

    it.each([
      ['active', false],
      ['stopped', false],
      ['error', false],
      ['active', true],
    ])('deletes a server that is %s (by force: %s)', async (state, force) => {
      const uuid = await active(on.stage);
      if (state === 'stopped') {
        await on.stage.parent.api.stop(uuid);
        await on.stage.parent.waitForState(uuid, 'stopped');
      }
      if (state === 'error') await on.stage.parent.api.resetState(uuid, 'error');

      await on.stage.parent.api.delete(uuid, { force });

      await on.stage.parent.waitForGone(uuid);
      await rowGone(on.stage, uuid);
    });

    it('deletes a server whose build found no room', async () => {
      const [uuid = ''] = await on.stage.parent.api.boot({ name: 'huge', flavor: 'x1.huge' });
      await on.stage.parent.waitFor(uuid, (shown) => shown?.vmState === 'error');

      await on.stage.parent.api.delete(uuid);

      await on.stage.parent.waitForGone(uuid);
      await expectNoGhosts(on.stage);
    });

    it('ends a build whose delete overtook its first update', async () => {
      const uuid = await boot(on.stage);
      await on.stage.parent.api.delete(uuid);

      await rowGone(on.stage, uuid);
      expect(on.stage.parent.show(uuid)).toBeUndefined();
      await expectNoGhosts(on.stage);
    });

    it('has the parent drop a server that it does not know', async () => {
      aRow(on.stage.parent.tables, release, {
        uuid: UNKNOWN,
        columns: { cell_name: 'api!ec2', host: 'h', launched_at: '2026-01-01T00:00:00Z', vm_state: 'active', task_state: null },
      });

      await on.stage.parent.api.stop(UNKNOWN);

      await on.stage.parent.waitForGone(UNKNOWN);
    });
  },
);
