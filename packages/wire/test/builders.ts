import {
  adminContext,
  dialectOf,
  type InstanceReport,
  type InterCellMessage,
  type JsonObject,
  type Release,
} from '../src/index.js';

export const UUID = '7f1c2a3b-0000-4000-8000-000000000001';
export const MESSAGE_UUID = '0d9a3c6e-1111-4000-8000-000000000002';

/** A targeted query from parent `api` to child `ec2`, as sent. */
export function aMessage(overrides: Partial<InterCellMessage> = {}): InterCellMessage {
  return {
    messageType: 'targeted',
    ctxt: adminContext(dialectOf('rocky'), { requestId: 'req-1', now: new Date(0) }),
    methodName: 'actions_get',
    methodKwargs: { instance_uuid: UUID },
    direction: 'down',
    needResponse: true,
    fanout: false,
    uuid: MESSAGE_UUID,
    routingPath: 'api',
    hopCount: 1,
    maxHopCount: 10,
    targetCell: 'api!ec2',
    ...overrides,
  };
}

export function aBroadcast(overrides: Partial<InterCellMessage> = {}): InterCellMessage {
  const { targetCell: _none, ...message } = aMessage({
    messageType: 'broadcast',
    methodName: 'service_get_all',
    methodKwargs: { filters: {} },
  });
  return { ...message, ...overrides };
}

/** What a finished build reports: the one update that a parent needs. */
export function aReport(overrides: Partial<InstanceReport> = {}): InstanceReport {
  return {
    uuid: UUID,
    id: 41,
    vm_state: 'active',
    task_state: null,
    power_state: 1,
    host: 'ec2-az1',
    node: 'ec2-az1',
    launched_at: new Date('2026-01-02T03:04:05.678Z'),
    launched_on: 'ec2-az1',
    availability_zone: 'az1',
    root_device_name: '/dev/vda',
    network_info: [aVif()],
    ...overrides,
  };
}

export function aVif(address = '10.0.0.5'): JsonObject {
  const ip = { address, type: 'fixed', version: 4, meta: {}, floating_ips: [] };
  return {
    id: 'vif-1',
    address: '02:00:0a:00:00:05',
    network: { id: 'net-1', label: 'vpc', subnets: [{ cidr: '10.0.0.0/24', ips: [ip] }] },
  };
}

export const aFlavor = {
  id: 3,
  name: 'm1.small',
  flavorid: '2',
  memory_mb: 2048,
  vcpus: 1,
  root_gb: 20,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  vcpu_weight: null,
};

/** A complete set as Grizzly to Juno keep it. */
export const FLAVOR_METADATA = {
  instance_type_id: '3',
  instance_type_name: 'm1.small',
  instance_type_memory_mb: '2048',
  instance_type_vcpus: '1',
  instance_type_root_gb: '20',
  instance_type_ephemeral_gb: '0',
  instance_type_flavorid: '2',
  instance_type_swap: '0',
  instance_type_rxtx_factor: '1.0',
  instance_type_vcpu_weight: null,
};

export const DICT_RELEASES: readonly Release[] = ['grizzly', 'havana', 'icehouse', 'juno', 'kilo'];
export const OBJECT_RELEASES: readonly Release[] = ['liberty', 'mitaka', 'newton', 'ocata', 'pike', 'queens', 'rocky'];
