import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { deliveryOf } from './fixtures.js';
import { primitive } from './flavors.js';
import type { Json, JsonObject } from './json.js';
import { aJudge, aRow } from './judge-bench.js';
import { versionOf } from './objects.js';
import type { Release } from './releases.js';

const LAUNCHED = '2026-01-01T00:00:00Z';
const NETWORK_INFO = [
  {
    id: 'vif',
    address: '02:00:00:00:00:01',
    network: {
      id: 'net',
      label: 'vpc',
      subnets: [{ cidr: '10.0.0.0/24', ips: [{ address: '10.0.0.5', version: 4, type: 'fixed' }] }],
    },
  },
];
const ACTIVE = {
  host: 'ec2-a',
  node: 'ec2-a',
  vm_state: 'active',
  task_state: null,
  power_state: 1,
  launched_at: LAUNCHED,
};

describe('the judge of a Rocky parent', () => {
  it('takes one sparse update for a whole build', () => {
    const bench = aBench('rocky');

    bench.update({ ...ACTIVE }, { cache: JSON.stringify(NETWORK_INFO) });

    expect(bench.codes()).toEqual([]);
    expect(bench.row.columns).toMatchObject({ vm_state: 'active', task_state: null, host: 'ec2-a', cell_name: 'api!ec2' });
    expect(bench.row.network_info).toEqual(NETWORK_INFO);
  });

  it('writes only what changes names', () => {
    const bench = aBench('rocky');

    bench.send('instance_update_at_top', {
      instance: instance({ uuid: bench.row.uuid, id: 1, host: 'ec2-a', vm_state: 'active' }, ['host']),
    });

    expect(bench.row.columns).toMatchObject({ host: 'ec2-a', vm_state: 'building' });
  });

  it.each<[string, JsonObject, string]>([
    ['an update that names nothing', { instance: instance({ uuid: 'UUID', id: 1, vm_state: 'active' }) }, 'no-changes'],
    [
      'a version above its own',
      { instance: { ...instance({ uuid: 'UUID', id: 1 }), 'nova_object.version': '2.5' } },
      'bad-object-version',
    ],
    ['another namespace', { instance: { ...instance({ uuid: 'UUID' }), 'nova_object.namespace': 'mine' } }, 'foreign-namespace'],
    ['a dict', { instance: { uuid: 'UUID', vm_state: 'active' } }, 'not-an-object'],
    ['a change without data', { instance: instance({ uuid: 'UUID', id: 1 }, ['host']) }, 'changes-without-data'],
    [
      'a field it does not have',
      { instance: instance({ uuid: 'UUID', id: 1, scheduled_at: null, host: 'h' }, ['host']) },
      'unknown-field',
    ],
    [
      'a date that is none',
      { instance: instance({ uuid: 'UUID', id: 1, launched_at: 'yesterday' }, ['launched_at']) },
      'wrong-type',
    ],
    [
      'a number beyond its column',
      { instance: instance({ uuid: 'UUID', id: 1, memory_mb: 2 ** 40 }, ['memory_mb']) },
      'wrong-type',
    ],
    ['an unknown vm_state', { instance: instance({ uuid: 'UUID', id: 1, vm_state: 'ACTIVE' }, ['vm_state']) }, 'bad-state'],
    ['deleted in an update', { instance: instance({ uuid: 'UUID', id: 1, deleted: false }, ['deleted']) }, 'deleted-in-update'],
    ['no id in data', { instance: instance({ uuid: 'UUID', host: 'h' }, ['host']) }, 'no-id'],
    ['one flavor of the three', { instance: instance({ uuid: 'UUID', id: 1, old_flavor: null }, ['old_flavor']) }, 'flavor-trio'],
    [
      'active without a host',
      { instance: instance({ uuid: 'UUID', id: 1, vm_state: 'active' }, ['vm_state']) },
      'active-without-host',
    ],
    [
      'part of system_metadata',
      { instance: instance({ uuid: 'UUID', id: 1, system_metadata: {} }, ['system_metadata']) },
      'partial-system-metadata',
    ],
    ['an unknown method', {}, 'unknown-method'],
  ])('objects to %s', (what, kwargs, code) => {
    const bench = aBench('rocky');

    const method = what === 'an unknown method' ? 'instance_hello_at_top' : 'instance_update_at_top';
    bench.send(method, JSON.parse(JSON.stringify(kwargs).replace('UUID', bench.row.uuid)) as JsonObject);

    expect(bench.codes()).toContain(code);
  });

  it.each(['', null, [], '{}'])('objects to network_info %j, which breaks the listing or is no text', (cache) => {
    const bench = aBench('rocky');

    bench.update({ ...ACTIVE }, { cache });

    expect(bench.codes().some((code) => code.startsWith('network-info') || code === 'null-field')).toBe(true);
  });

  it('objects to building after active, and keeps the row active', () => {
    const bench = aBench('rocky');

    bench.update({ ...ACTIVE });
    bench.update({ vm_state: 'building', task_state: 'spawning' });

    expect(bench.codes()).toContain('building-after');
    expect(bench.row.columns.vm_state).toBe('active');
  });

  it('does not blame the child when its threads store building after active', () => {
    const bench = aBench('rocky');

    const early = bench.receive('instance_update_at_top', {
      instance: instance({ uuid: bench.row.uuid, id: 1, vm_state: 'building', host: 'h' }, ['vm_state', 'host']),
    });
    bench.update({ ...ACTIVE });
    early?.();

    expect(bench.codes()).toEqual([]);
    expect(bench.row.columns.vm_state).toBe('active');
  });

  it('makes a ghost of a sparse update about a server it never had', () => {
    const bench = aBench('rocky');

    bench.send('instance_update_at_top', { instance: instance({ uuid: randomUUID(), host: 'h' }, ['host']) });

    expect(bench.codes()).toContain('ghost');
  });

  it('ignores what is said of a deleted server', () => {
    const bench = aBench('rocky');

    bench.send('instance_destroy_at_top', { instance: instance({ uuid: bench.row.uuid }) });
    bench.update({ ...ACTIVE });

    expect(bench.row.deleted).toBe(true);
    expect(bench.codes()).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['a message of 256 characters', { code: 409, message: 'x'.repeat(256) }, 'too-long'],
    ['a key that is no field', { code: 409, message: 'x', reason: 'y' }, 'unknown-fault-key'],
    ['code 500', { code: 500, message: 'x' }, 'fault-500'],
    ['a code that is no number', { code: '409', message: 'x' }, 'wrong-type'],
  ])('objects to a fault with %s', (_what, fault, code) => {
    const bench = aBench('rocky');

    bench.send('instance_fault_create_at_top', {
      instance_fault: { instance_uuid: bench.row.uuid, details: '', host: 'h', ...fault },
    });

    expect(bench.codes()).toContain(code);
  });
});

describe('the judge of dict parents', () => {
  it.each<[Release, string, JsonObject, string]>([
    ['havana', 'a date with Z', { launched_at: LAUNCHED }, 'bad-date'],
    ['icehouse', 'a date without fraction', { launched_at: '2026-01-01T00:00:00' }, 'bad-date'],
    ['grizzly', 'a date with Z', { launched_at: LAUNCHED }, 'bad-date'],
    ['juno', 'numa_topology', { numa_topology: null, host: 'h' }, 'poison-key'],
    ['havana', 'pci_devices null', { pci_devices: null, host: 'h' }, 'poison-key'],
    ['havana', 'a list for network_info', { info_cache: { network_info: [] } }, 'network-info-form'],
    ['kilo', 'deleted 0', { deleted: 0, host: 'h' }, 'deleted-in-update'],
    ['juno', 'part of system_metadata', { system_metadata: { image_min_ram: '0' } }, 'partial-system-metadata'],
  ])('%s objects to %s', (release, _what, columns, code) => {
    const bench = aBench(release);

    bench.send('instance_update_at_top', { instance: { uuid: bench.row.uuid, ...columns } });

    expect(bench.codes()).toContain(code);
  });

  it.each<Release>(['grizzly', 'havana', 'icehouse', 'juno', 'kilo'])('%s takes one full ACTIVE dict', (release) => {
    const bench = aBench(release);

    const columns = {
      ...ACTIVE,
      launched_at: '2026-01-01T00:00:00.000000',
      info_cache: { network_info: JSON.stringify(NETWORK_INFO) },
    };
    bench.send('instance_update_at_top', { instance: { uuid: bench.row.uuid, ...columns } });

    expect(bench.codes()).toEqual([]);
    expect(bench.row.columns).toMatchObject({ vm_state: 'active', host: 'ec2-a' });
  });
});

describe('the judge of answers', () => {
  it.each<[string, JsonObject, string]>([
    ['a fourth key', { cell_name: 'api!ec2', value: 'x', failure: false, id: 1 }, 'response-item'],
    ['another cell name', { cell_name: 'ec2', value: 'x', failure: false }, 'response-item'],
    ['a failure that is no text', { cell_name: 'api!ec2', value: {}, failure: true }, 'failure-form'],
    ['a failure beyond ASCII', { cell_name: 'api!ec2', value: failure('schön'), failure: true }, 'failure-form'],
  ])('objects to %s', (_what, item, code) => {
    const bench = aBench('rocky');

    bench.send('parse_responses', { orig_message: '{}', responses: [JSON.stringify(item)] }, { responseUuid: 'asked' });

    expect(bench.codes()).toContain(code);
  });
});

function failure(message: string): string {
  return JSON.stringify({ class: 'InstanceNotFound', module: 'nova.exception', message, tb: [], args: [message], kwargs: {} });
}

function instance(data: JsonObject, changes: readonly string[] = []): JsonObject {
  return primitive('Instance', versionOf('Instance', 'rocky'), data, changes);
}

function aBench(release: Release) {
  const { judge, tables, dialect } = aJudge(release);
  const row = aRow(tables, release);
  const receive = (method: string, kwargs: JsonObject, options: { responseUuid?: string } = {}) => {
    const type = options.responseUuid === undefined ? 'broadcast' : 'response';
    const fanout = type === 'response';
    const message: JsonObject = {
      message_type: type,
      ctxt: { is_admin: true, user_id: null, project_id: null, read_deleted: 'no', timestamp: '2026-01-01T00:00:00.000000' },
      method_name: method,
      method_kwargs: kwargs,
      direction: 'up',
      need_response: false,
      fanout,
      uuid: randomUUID(),
      routing_path: 'ec2',
      hop_count: 1,
      max_hop_count: 10,
      ...(options.responseUuid === undefined ? {} : { response_uuid: options.responseUuid, target_cell: 'ec2!api' }),
    };
    const topic = `cells.intercell.${type}`;
    const exchange = fanout ? `${topic}_fanout` : 'nova';
    return judge.receive(deliveryOf({ exchange, routingKey: fanout ? '' : topic, from: 'test', message }, dialect)).store;
  };
  const send = (...args: Parameters<typeof receive>) => void receive(...args)?.();
  const update = (columns: JsonObject, options: { cache?: Json } = {}) => {
    const data: JsonObject = { uuid: row.uuid, id: 1, ...columns };
    const changes = Object.keys(columns);
    if (options.cache !== undefined) {
      const cache = { instance_uuid: row.uuid, network_info: options.cache };
      data.info_cache = primitive('InstanceInfoCache', versionOf('InstanceInfoCache', release), cache, ['network_info']);
      changes.push('info_cache');
    }
    send('instance_update_at_top', { instance: primitive('Instance', versionOf('Instance', release), data, changes) });
  };
  return { row, send, receive, update, codes: () => judge.violations.map(({ code }) => code) };
}
