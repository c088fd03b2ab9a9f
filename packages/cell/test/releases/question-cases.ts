import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../demo-parent/json.js';
import { NeverSent } from '../demo-parent/never-sent.js';
import { RELEASES, type Release } from '../demo-parent/releases.js';
import type { VerbCase } from './verb-case.js';
import type { World } from './world.js';

/** What is asked, of one server or of the whole cell. The parent's judge has looked at each answer before it comes here. */
export const questionCases: readonly VerbCase[] = [
  {
    verb: 'console-log',
    run: async (world) => assert.equal(typeof (await world.send('console-log', await world.active())), 'string'),
  },
  {
    verb: 'instance-action-list',
    run: async (world) => {
      const uuid = await world.active();
      await world.drive('stop', uuid, 'stopped');
      const actions = (await world.parent.admin.actions(uuid)).map(({ action }) => action);
      assert.deepEqual([...actions].sort(), ['create', 'stop']);
    },
  },
  {
    verb: 'instance-action',
    run: async (world) => {
      const uuid = await world.active();
      const action = await world.parent.admin.action(uuid, world.parent.api.requestIds.get(uuid) ?? '');
      assert.equal(action?.action, 'create');
    },
  },
  {
    verb: 'diagnostics',
    run: async (world) => {
      const uuid = await world.active();
      assert.ok(await world.send('diagnostics', uuid));
      if (isWithin(world, 'juno', 'rocky')) assert.ok(await world.send('instance-diagnostics', uuid));
    },
  },
  ...['vnc', 'spice', 'rdp', 'serial'].map((kind) => ({
    verb: `get-${kind}-console`,
    run: async (world: World) => assertConsole(await world.send(`${kind}-console`, await world.active())),
  })),
  {
    verb: 'service-list, host-list',
    run: async (world) => {
      const services = await world.parent.admin.services();
      if (world.release !== 'havana') assert.notEqual(services.length, 0);
    },
  },
  {
    verb: 'host-describe',
    run: async (world) => {
      // Later parents look into their own tables.
      onlyWithin(world, 'host-describe', ['grizzly', 'juno']);
      await world.parent.admin.service(await aHost(world));
    },
  },
  { verb: 'service-enable, service-disable', alone: true, run: drained },
  {
    verb: 'service-delete',
    alone: true,
    run: async (world) => {
      onlyWithin(world, 'service-delete', ['icehouse', 'kilo']);
      const [service] = await world.parent.admin.services({ topic: 'compute' });
      await world.parent.admin.deleteService(service?.id ?? null);
    },
  },
  {
    verb: 'hypervisor-list',
    run: async (world) => assert.notEqual((await world.parent.admin.hypervisors()).length, 0),
  },
  {
    verb: 'hypervisor-show',
    run: async (world) => {
      const [node] = await world.parent.admin.hypervisors();
      const shown = await world.parent.admin.hypervisor(String(node?.uuid ?? node?.id));
      assert.equal(shown.hypervisor_hostname, node?.hypervisor_hostname);
    },
  },
  {
    verb: 'hypervisor-stats',
    run: async (world) => assert.ok(Number((await world.parent.admin.statistics()).count) > 0),
  },
  {
    verb: 'hypervisor-uptime',
    run: async (world) => {
      onlyWithin(world, 'hypervisor-uptime', ['havana', 'rocky']);
      await world.parent.admin.uptime(await aHost(world));
    },
  },
  {
    verb: 'migration-list',
    run: async (world) => {
      onlyWithin(world, 'migration-list', ['havana', 'rocky']);
      await world.parent.admin.migrations();
    },
  },
  { verb: 'usage audit log', run: async (world) => void (await world.parent.admin.taskLog()) },
  {
    verb: 'os-cells sync_instances',
    run: async (world) => {
      const uuid = await world.active();
      await world.drive('stop', uuid, 'stopped');
      world.row(uuid).columns.vm_state = 'active';
      await world.parent.admin.syncInstances();
      await world.shows(uuid, 'stopped');
    },
  },
];

async function drained(world: World): Promise<void> {
  onlyWithin(world, 'service-disable', ['havana', 'kilo']);
  const host = await aHost(world);
  assert.equal((await world.parent.admin.updateService(host, true, 'being drained')).disabled, true);
  assert.equal((await world.parent.admin.updateService(host, false)).disabled, false);
}

/** A host's name as a user finds it among the hypervisors (a Havana parent can list no services). */
async function aHost(world: World): Promise<string> {
  const [node] = await world.parent.admin.hypervisors();
  const service = node?.service as JsonObject | undefined;
  return String(service?.host ?? node?.host);
}

function assertConsole(info: Json): void {
  const { access_url: url, token } = info as JsonObject;
  assert.ok(typeof url === 'string' && typeof token === 'string' && url.includes(token));
}

function isWithin({ release }: World, first: Release, last: Release): boolean {
  const at = RELEASES.indexOf(release);
  return at >= RELEASES.indexOf(first) && at <= RELEASES.indexOf(last);
}

/** Other parents end the request by themselves, or have no such request. */
function onlyWithin(world: World, verb: string, [first, last]: readonly [Release, Release]): void {
  if (!isWithin(world, first, last)) throw new NeverSent(verb, world.release);
}
