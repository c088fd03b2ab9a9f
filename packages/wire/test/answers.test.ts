import { describe, expect, it } from '@jest/globals';
import {
  actionAnswer,
  actionEventsAnswer,
  actionsAnswer,
  type ComputeNodeRow,
  computeNodeAnswer,
  computeNodeListAnswer,
  computeNodeStatsAnswer,
  consoleAnswer,
  dataOf,
  decodeResponse,
  dialectOf,
  hostServiceAnswer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MigrationRow,
  migrationsAnswer,
  RELEASES,
  type Release,
  releasesFrom,
  type ServiceRow,
  serviceAnswer,
  serviceListAnswer,
  taskLogAnswer,
} from '../src/index.js';
import { UUID } from './builders.js';
import { CAPTURED_RELEASES, capturedMessages } from './captured.js';

const TIME = new Date('2026-01-02T03:04:05.678Z');
const DICT = '2026-01-02T03:04:05.678000';

const service: ServiceRow = {
  id: 4,
  uuid: UUID,
  host: 'ec2-az1',
  binary: 'nova-compute',
  topic: 'compute',
  report_count: 7,
  disabled: false,
  disabled_reason: null,
  created_at: TIME,
  updated_at: null,
  last_seen_up: TIME,
  version: 16,
};

const node: ComputeNodeRow = {
  id: 9,
  uuid: UUID,
  host: 'ec2-az1',
  hypervisor_hostname: 'ec2-az1',
  hypervisor_type: 'ec2',
  hypervisor_version: 1,
  vcpus: 100,
  vcpus_used: 3,
  memory_mb: 4096,
  memory_mb_used: 512,
  local_gb: 1000,
  local_gb_used: 10,
  free_ram_mb: 3584,
  free_disk_gb: 990,
  current_workload: 0,
  running_vms: 3,
  cpu_info: '{}',
  disk_available_least: null,
  host_ip: '10.0.0.1',
  service_id: 4,
  created_at: TIME,
  updated_at: TIME,
};

const migration: MigrationRow = {
  id: 1,
  uuid: UUID,
  source_compute: 'a',
  dest_compute: 'b',
  source_node: 'a',
  dest_node: 'b',
  dest_host: null,
  old_instance_type_id: 1,
  new_instance_type_id: 2,
  instance_uuid: UUID,
  status: 'finished',
  migration_type: 'resize',
  created_at: TIME,
  updated_at: null,
};

/** Keys of a real child's answer to a method, the first object or row of it. */
function realKeys(release: Release, method: string): string[] | null {
  const messages = capturedMessages(release).map(({ message }) => message);
  const asked = new Set(messages.filter(({ methodName }) => methodName === method).map(({ uuid }) => uuid));
  for (const message of messages.filter(
    ({ messageType, responseUuid }) => messageType === 'response' && asked.has(responseUuid ?? ''),
  )) {
    const [item] = decodeResponse(message).items;
    if (item !== undefined && 'value' in item) return keysOf(firstOf(item.value));
  }
  return null;
}

function firstOf(value: JsonValue): JsonValue {
  const data = dataOf(value) ?? value;
  const list = isJsonObject(data) && Array.isArray(data.objects) ? data.objects : data;
  return Array.isArray(list) ? (list[0] ?? null) : list;
}

function keysOf(value: JsonValue): string[] | null {
  const data = dataOf(value) ?? value;
  return isJsonObject(data) ? Object.keys(data).sort() : null;
}

describe('services', () => {
  it.each(releasesFrom('grizzly', 'juno'))('are dicts for %s, alive by updated_at', (release) => {
    expect(serviceAnswer(dialectOf(release), service)).toEqual({
      id: 4,
      host: 'ec2-az1',
      binary: 'nova-compute',
      topic: 'compute',
      report_count: 7,
      disabled: false,
      disabled_reason: null,
      created_at: DICT,
      updated_at: DICT,
      deleted: 0,
      deleted_at: null,
    });
  });

  it.each(releasesFrom('kilo'))('are Service objects for %s', (release) => {
    expect(serviceAnswer(dialectOf(release), service)).toMatchObject({
      'nova_object.name': 'Service',
      'nova_object.data': { id: 4, deleted: false },
    });
  });

  it('come as an array, which for Havana is always empty', () => {
    for (const release of RELEASES)
      expect(serviceListAnswer(dialectOf(release), [service])).toHaveLength(release === 'havana' ? 0 : 1);
  });

  it('carry their compute node for a host in dicts, and not in objects', () => {
    expect(hostServiceAnswer(dialectOf('juno'), service, node)).toMatchObject({ compute_node: [{ id: 9, vcpus: 100 }] });
    expect(hostServiceAnswer(dialectOf('juno'), service, null)).toMatchObject({ compute_node: [] });
    expect(dataOf(hostServiceAnswer(dialectOf('kilo'), service, node))).not.toHaveProperty('compute_node');
  });

  it.each(CAPTURED_RELEASES)('have every key that a real %s child sends', (release) => {
    const real = realKeys(release, 'service_get_all') ?? realKeys(release, 'service_get_by_compute_host') ?? [];

    expect(keysOf(serviceAnswer(dialectOf(release), service))).toEqual(
      expect.arrayContaining(real.filter((key) => key !== 'compute_node')),
    );
  });
});

describe('compute nodes', () => {
  it('are dicts with their service up to Juno, one ComputeNodeList after', () => {
    const pair = { node, service };

    expect(computeNodeListAnswer(dialectOf('icehouse'), [pair])).toMatchObject([{ id: 9, service: { id: 4, host: 'ec2-az1' } }]);
    expect(computeNodeListAnswer(dialectOf('rocky'), [pair])).toMatchObject({
      'nova_object.name': 'ComputeNodeList',
      'nova_object.data': { objects: [{ 'nova_object.data': { id: 9, uuid: UUID, host: 'ec2-az1' } }] },
    });
    expect(computeNodeAnswer(dialectOf('kilo'), pair)).toMatchObject({
      'nova_object.name': 'ComputeNode',
      'nova_object.version': '1.11',
    });
  });

  /** Nothing that a hypervisor view shows, nor what a real one has only for its own scheduler. */
  const NOT_OURS = [
    'pci_device_pools',
    'pci_stats',
    'extra_resources',
    'supported_instances',
    'stats',
    'metrics',
    'numa_topology',
    'host_ip',
  ];

  it.each(CAPTURED_RELEASES)('have every key that a real %s child sends and a view shows', (release) => {
    const real = realKeys(release, 'compute_node_get_all') ?? [];

    expect(keysOf(computeNodeAnswer(dialectOf(release), { node, service }))).toEqual(
      expect.arrayContaining(real.filter((key) => !NOT_OURS.includes(key))),
    );
  });

  it('add up to twelve integers', () => {
    const stats = computeNodeStatsAnswer([node, node]) as JsonObject;

    expect(stats).toMatchObject({ count: 2, vcpus: 200, memory_mb: 8192, disk_available_least: 0 });
    expect(Object.keys(stats).sort()).toEqual(realKeys('rocky', 'compute_node_stats'));
    expect(computeNodeStatsAnswer([])).toMatchObject({ count: 0, vcpus: 0 });
  });
});

describe('actions and logs', () => {
  const action = {
    id: 1,
    action: 'create',
    instance_uuid: UUID,
    request_id: 'req-1',
    user_id: 'u',
    project_id: 'p',
    start_time: TIME,
    finish_time: null,
    message: null,
    created_at: TIME,
    updated_at: null,
  };
  const event = {
    id: 1,
    event: 'compute_start',
    action_id: 1,
    start_time: TIME,
    finish_time: TIME,
    result: 'Success',
    traceback: null,
    host: 'h',
    details: null,
    created_at: TIME,
    updated_at: null,
  };

  it('are dict rows, newest first, with the keys of a real one', () => {
    expect(actionsAnswer([action, { ...action, id: 2 }])).toMatchObject([{ id: 2 }, { id: 1, start_time: DICT }]);
    expect(keysOf(actionAnswer(action))).toEqual(realKeys('rocky', 'actions_get'));
    expect(keysOf(firstOf(actionEventsAnswer([event])))).toEqual(realKeys('rocky', 'action_events_get'));
    expect(actionAnswer(null)).toBeNull();
  });

  it('of tasks are rows too', () => {
    const row = {
      id: 1,
      task_name: 'instance_usage_audit',
      state: 'DONE',
      host: 'h',
      period_beginning: TIME,
      period_ending: TIME,
      message: '',
      task_items: 3,
      errors: 0,
      created_at: TIME,
      updated_at: null,
    };

    expect(taskLogAnswer([row])).toMatchObject([{ id: 1, period_beginning: DICT, host: 'h' }]);
    expect(taskLogAnswer([])).toEqual([]);
  });
});

describe('migrations', () => {
  it('are rows, an empty list, or a list, as the release can bear', () => {
    expect(() => migrationsAnswer(dialectOf('grizzly'), [])).toThrow(expect.objectContaining({ kind: 'unknown-method' }));
    expect(migrationsAnswer(dialectOf('havana'), [migration])).toMatchObject([
      { id: 1, deleted: 0, deleted_at: null, status: 'finished' },
    ]);
    for (const release of releasesFrom('kilo', 'mitaka')) {
      expect(migrationsAnswer(dialectOf(release), [migration])).toMatchObject({
        'nova_object.name': 'MigrationList',
        'nova_object.data': { objects: [] },
      });
    }
    for (const release of releasesFrom('newton')) {
      expect(dataOf(migrationsAnswer(dialectOf(release), [migration]))?.objects).toHaveLength(1);
      expect(dataOf(migrationsAnswer(dialectOf(release), []))?.objects).toEqual([]);
    }
  });

  it('have a uuid from Queens on', () => {
    const first = (release: Release): JsonObject | null => dataOf(firstOf(migrationsAnswer(dialectOf(release), [migration])));

    expect(first('pike')).not.toHaveProperty('uuid');
    expect(first('queens')).toMatchObject({ uuid: UUID, migration_type: 'resize', hidden: false });
  });
});

describe('a console', () => {
  it('has the five keys the parent reads', () => {
    const connection = { token: 't', access_url: 'http://x', host: 'h', port: 80, internal_access_path: null };

    expect(consoleAnswer(connection)).toEqual(connection);
  });
});
