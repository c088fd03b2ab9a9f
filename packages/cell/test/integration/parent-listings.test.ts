import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from '../support/stage.js';
import { active, answeredSomehow, PARENTS, START_MS, stageFor } from './parent-kit.js';

describe.each(PARENTS)(
  'listings and reports of a %s parent, at a cell whose machines take %d ms to boot',
  (release, bootDelayMs) => {
    const on = stageFor('listings', release, bootDelayMs);

    it('answers the console log', async () => {
      const uuid = await active(on.stage);

      await expect(on.stage.parent.api.consoleLog(uuid, 5)).resolves.toEqual(expect.any(String));
    });

    it('records actions with their request and events', async () => {
      const uuid = await active(on.stage);
      await on.stage.parent.api.stop(uuid);
      const requestId = on.stage.parent.api.requestIds.get(uuid) ?? '';
      await on.stage.parent.waitForState(uuid, 'stopped');

      const actions = await on.stage.parent.admin.actions(uuid);
      const stop = await on.stage.parent.admin.action(uuid, requestId);
      const events = await on.stage.parent.admin.actionEvents(stop?.id ?? 0);

      expect(actions.map(({ action }) => action)).toEqual(['stop', 'create']);
      expect(stop).toMatchObject({ action: 'stop', request_id: requestId, instance_uuid: uuid });
      expect(events).not.toEqual([]);
      await expect(on.stage.parent.admin.action(uuid, 'req-00000000-0000-4000-8000-000000000000')).resolves.toBeNull();
    });

    it('lists services and hosts, and says which is disabled', async () => {
      const { admin } = on.stage.parent;
      const services = await admin.services();
      const compute = services.filter(({ binary }) => binary === 'nova-compute');
      const host = String(compute[0]?.host);

      expect(compute.length).toBeGreaterThan(0);
      await expect(admin.service(host)).resolves.toMatchObject({ host, binary: 'nova-compute' });
      await expect(admin.services({ disabled: true })).resolves.toEqual([]);
      await expect(admin.services({ topic: 'compute' })).resolves.toHaveLength(compute.length);
      await expect(admin.service('nowhere')).rejects.toThrow(/ComputeHostNotFound/);
    });

    it('lists hypervisors, shows one, and sums them up', async () => {
      const { admin } = on.stage.parent;
      const nodes = await admin.hypervisors();
      const statistics = await admin.statistics();

      expect(nodes.length).toBeGreaterThan(0);
      await expect(admin.hypervisor(String(nodes[0]?.id))).resolves.toMatchObject({ id: nodes[0]?.id ?? null });
      await expect(admin.hypervisors('no such host')).resolves.toEqual([]);
      await expect(admin.hypervisor('987654')).rejects.toThrow(/ComputeHostNotFound/);
      expect(statistics.count).toBe(nodes.length);
      await answeredSomehow(admin.uptime(String(nodes[0]?.host)));
    });

    it('answers migrations and the task log with nothing when there is nothing', async () => {
      await expect(on.stage.parent.admin.migrations()).resolves.toEqual([]);
      await expect(on.stage.parent.admin.taskLog()).resolves.toEqual([]);
    });

    it('says everything again when it is asked to sync', async () => {
      const uuid = await active(on.stage);
      const row = on.stage.parent.tables.instances.get(uuid);
      if (row) row.columns.vm_state = 'error';

      await on.stage.parent.admin.syncInstances();

      await on.stage.parent.waitForState(uuid, 'active');
    });

    it('announces capabilities and capacities when it is asked to', async () => {
      const { counts } = on.stage.parent.judge;
      const before = (counts.get('update_capabilities') ?? 0) + (counts.get('update_capacities') ?? 0);

      await on.stage.parent.admin.announce();

      const now = () => (counts.get('update_capabilities') ?? 0) + (counts.get('update_capacities') ?? 0);
      await on.stage.parent.waitUntil(() => now() >= before + 2, 'nothing was announced');
    });
  },
);

/** From Liberty on the API refuses a child's host name by itself; what Kilo sends is the last form there was. */
describe('service verbs, which only parents up to Kilo can send', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.up({
      name: 'verbs-kilo',
      release: 'kilo',
      withApiDatabase: false,
      ini: { burst: { provider: 'simulator' } },
    });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  it('disables, enables and deletes a service for parents that can ask it', async () => {
    const { admin } = stage.parent;
    const [compute] = (await admin.services({ binary: 'nova-compute' })).filter(({ disabled }) => disabled === false);
    const host = String(compute?.host);

    await expect(admin.updateService(host, true, 'being drained')).resolves.toMatchObject({
      disabled: true,
      disabled_reason: 'being drained',
    });
    await expect(admin.services({ disabled: true })).resolves.toHaveLength(1);
    await expect(admin.updateService(host, false)).resolves.toMatchObject({ disabled: false });
    await expect(admin.deleteService(987_654)).rejects.toThrow(/ServiceNotFound/);
  });
});
