import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSecurityGroups } from '../../src/neutron/open-security-groups.js';
import { GroupSync } from '../../src/reconcile/group-sync.js';
import type { SecurityGroupService } from '../../src/security-groups.js';
import type { HttpStub } from '../parent/http-stub.js';
import { startIdentity } from '../parent/identity-stub.js';
import { type NetworkStub, startNetwork } from '../parent/network-stub.js';
import { neutronConfig } from '../support/network.js';
import { until } from '../support/until.js';
import { Fate } from './replica.js';
import { World } from './world.js';

/** More effects than a build has. */
const MAX_EFFECTS = 20;
const OWNER = 'ec2/first';

describe('security groups of the network service', () => {
  let world: World;
  let network: NetworkStub;
  let keystone: HttpStub;
  let securityGroups: SecurityGroupService;
  beforeAll(async () => {
    world = await World.make();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    network = await startNetwork();
    keystone = await startIdentity(() => ({}));
    securityGroups = openSecurityGroups(neutronConfig(network.url, keystone.url)) as SecurityGroupService;
    world.cloud.at(({ state }) => state.securityGroups.clear());
  });
  afterEach(async () => {
    await network.close();
    await keystone.close();
  });

  const prepared = () => world.cloud.at(({ state }) => [...(state.securityGroups.get(OWNER)?.values() ?? [])]);
  const preparedNames = () => prepared().map(({ name }) => name);
  const action = async (uuid: string) => (await world.store.actions.of(uuid))[0]?.message;

  async function built(asked: readonly string[]): Promise<string> {
    const uuid = randomUUID();
    await world.perform(uuid, 'build', { securityGroups: asked }, { securityGroups });
    return uuid;
  }

  it('are there with their rules before the machine is, and their ids are noted where the parent does not see them', async () => {
    const web = network.add({ name: 'web' });
    const uuid = await built(['web', 'default']);

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(prepared()).toMatchObject([
      { id: web.id, rules: [{ direction: 'egress' }, { direction: 'egress' }] },
      { name: 'default' },
    ]);
    const { system_metadata: metadata } = await world.view(uuid);
    expect(metadata.burst_security_group_0).toBe(web.id);
    expect(metadata.burst_security_group_1).toBe(prepared()[1]?.id);
  });

  it('are the same again after an unshelve, where nobody says them, even if one has got another name', async () => {
    const web = network.add({ name: 'web' });
    const uuid = await built(['web']);
    await world.perform(uuid, 'shelve', {}, { securityGroups });
    web.name = 'www';
    network.add({ name: 'web' });
    world.cloud.at(({ state }) => state.securityGroups.clear());

    await world.perform(uuid, 'unshelve', {}, { securityGroups });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(prepared().map(({ id }) => id)).toEqual([web.id]);
  });

  it('are the default one where none was noted', async () => {
    const uuid = randomUUID();
    await world.perform(uuid, 'build');
    await world.perform(uuid, 'shelve');
    await world.perform(uuid, 'unshelve', {}, { securityGroups });

    expect(preparedNames()).toEqual(['default']);
  });

  describe('of ports that the user made', () => {
    const onPorts = async (...portIds: readonly (string | null)[]) => {
      const networks = portIds.map((portId) => ({ networkId: 'n', fixedIp: null, portId }));
      const uuid = randomUUID();
      await world.perform(uuid, 'build', { securityGroups: ['web'], networks }, { securityGroups });
      return uuid;
    };

    it("are the port's own, whatever else is asked for", async () => {
      const [web, db] = [network.add({ name: 'web' }), network.add({ name: 'db', tenant_id: 'another' })];
      const uuid = await onPorts(network.addPort([db.id]), network.addPort([db.id]));

      expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
      expect(prepared().map(({ id }) => id)).toEqual([db.id]);
      expect((await world.view(uuid)).system_metadata.burst_security_group_0).toBe(db.id);
      expect(prepared()).not.toContainEqual(expect.objectContaining({ id: web.id }));
    });

    it.each([
      ['differ', () => [network.addPort(['a']), network.addPort(['b'])], /the same security groups/],
      ['stand beside a network', () => [network.addPort(['a']), null], /the same security groups/],
      ['have none', () => [network.addPort([])], /cannot be without/],
      ['are gone', () => ['nosuch'], /Port nosuch could not be found/],
    ])('end the build where ports %s', async (_, ports, why) => {
      const uuid = await onPorts(...ports());

      expect(await action(uuid)).toMatch(why);
      expect(world.machines(uuid)).toEqual([]);
    });
  });

  it('end the build where the project has none of that name, before anything is started', async () => {
    const uuid = await built(['nosuch']);

    expect(await world.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect(await action(uuid)).toMatch(/^Error: .*nosuch/);
    expect(world.machines(uuid)).toEqual([]);
  });

  it('are waited for while the network service is away', async () => {
    network.add({ name: 'web' });
    for (let at = 0; at < 3; at += 1) network.instead(() => ({ status: 503 }));
    const uuid = await built(['web']);

    expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
    expect(world.machines(uuid)).toHaveLength(1);
  });

  it('that never come end the build in its time, with a sentence and without a machine', async () => {
    // Its time runs ahead: a world of its own.
    const late = await World.make();
    await network.close();
    const uuid = randomUUID();
    await late.perform(uuid, 'build', { securityGroups: ['web'] }, { securityGroups, paceMs: 60_000 });

    expect(await late.states(uuid)).toMatchObject({ vm: 'error', task: null });
    expect((await late.store.actions.of(uuid))[0]?.message).toMatch(/^Error: .*The network service does not answer\./);
    expect(late.machines(uuid)).toEqual([]);
    await late.close();
  });

  it('are prepared for a machine that is built once, whichever effect was the last', async () => {
    network.add({ name: 'web' });
    let at = 1;
    for (let isDead = true; isDead && at <= MAX_EFFECTS; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const [fate, uuid] = [new Fate({ at, when }), randomUUID()];
        await world.submit(uuid, 'build', { securityGroups: ['web'] });
        await world.settle(uuid, fate, { securityGroups });
        expect(await world.states(uuid)).toMatchObject({ vm: 'active', task: null });
        expect(world.machines(uuid)).toHaveLength(1);
        isDead = fate.isDead;
      }
    }
    expect(at).toBeGreaterThan(5);
    expect(preparedNames()).toEqual(['web']);
  }, 60_000);

  it('are not asked for by a provider that has none', async () => {
    const uuid = randomUUID();
    await world.perform(uuid, 'build', { securityGroups: ['web'] }, { securityGroups, without: ['prepareSecurityGroups'] });

    expect(await world.states(uuid)).toMatchObject({ vm: 'active' });
    expect(network.asked).toEqual([]);
  });

  describe('followed by a cell that runs', () => {
    const warnings: string[] = [];
    const log = { debug() {}, info() {}, warn: (_: object, text: string) => void warnings.push(text), error() {} };
    const syncOf = (holder: string, intervalMs = 20, store = world.store) =>
      new GroupSync({
        ...{ store, service: securityGroups, log, holder, intervalMs },
        provider: new Simulator({ cloud: world.cloud, cellName: 'ec2' }),
      });

    it('get other rules, and go when they are gone', async () => {
      const web = network.add({ name: 'web' });
      await built(['web']);
      const sync = syncOf('one');
      sync.start();
      web.security_group_rules = [];

      await until(async () => prepared()[0]?.rules.length === 0, 'the rules are gone');
      network.remove(web.id);
      await until(async () => prepared().length === 0, 'the group is gone');
      await sync.stop();
    });

    it('stay as they are while the network service is away, and the next pass makes up for it', async () => {
      const web = network.add({ name: 'web' });
      await built(['web']);
      const sync = syncOf('one');
      network.instead(() => ({ status: 500 }));
      network.remove(web.id);
      warnings.length = 0;

      await sync.sync();
      expect(preparedNames()).toEqual(['web']);
      expect(warnings).toHaveLength(1);
      await sync.sync();
      expect(preparedNames()).toEqual([]);
    });

    it('are brought along by one replica at a time', async () => {
      network.add({ name: 'web' });
      await built(['web']);
      await world.store.leases.hold('security-groups', 'another', 60_000);
      network.asked.length = 0;
      let rounds = 0;
      const hold: typeof world.store.leases.hold = (...lease) => {
        rounds += 1;
        return world.store.leases.hold(...lease);
      };
      const sync = syncOf('one', 5, { ...world.store, leases: { ...world.store.leases, hold } });
      sync.start();
      await until(async () => rounds > 2, 'some rounds');
      expect(network.asked).toEqual([]);

      await world.store.leases.release('security-groups', 'another');
      await until(async () => network.asked.length > 0, 'it asks once it may');
      await sync.stop();
    });
  });
});
