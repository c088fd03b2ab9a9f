import { randomUUID } from 'node:crypto';
import type {
  AddTaskLog,
  EnqueueOperation,
  InsertInstance,
  NewBlockDevice,
  ObserveProviderInstance,
  RecordImage,
  RecordMigration,
  Report,
  SetBandwidth,
  SetProviderInstance,
  StartAction,
  Write,
} from '../../src/index.js';

const AN_HOUR_MS = 3_600_000;

export const aFlavor = {
  id: 6,
  name: 'm1.small',
  memory_mb: 2048,
  vcpus: 1,
  root_gb: 20,
  ephemeral_gb: 0,
  flavorid: '2',
  swap: 0,
  rxtx_factor: 1.0,
  vcpu_weight: 0,
  disabled: false,
  is_public: true,
  extra_specs: {},
};

export function anInstance(change: Partial<InsertInstance> = {}): InsertInstance {
  return {
    write: 'insert-instance',
    uuid: randomUUID(),
    columns: {
      display_name: 'web',
      project_id: 'project',
      user_id: 'user',
      vm_state: 'building',
      task_state: 'scheduling',
      memory_mb: 2048,
      vcpus: 1,
      root_gb: 20,
      ephemeral_gb: 0,
    },
    metadata: {},
    systemMetadata: {},
    flavor: aFlavor,
    blockDevices: [],
    networkInfo: [],
    ...change,
  };
}

export function aBlockDevice(change: Partial<NewBlockDevice> = {}): NewBlockDevice {
  return {
    device_name: '/dev/vda',
    source_type: 'image',
    destination_type: 'local',
    device_type: 'disk',
    disk_bus: null,
    guest_format: null,
    boot_index: 0,
    image_id: randomUUID(),
    volume_id: null,
    snapshot_id: null,
    volume_size: null,
    delete_on_termination: true,
    no_device: false,
    connection_info: null,
    tag: null,
    ...change,
  };
}

export function anOperation(instanceUuid: string, change: Partial<EnqueueOperation> = {}): EnqueueOperation {
  return {
    write: 'enqueue-operation',
    instanceUuid,
    verb: 'build',
    parameters: {},
    cause: randomUUID(),
    origin: {},
    deadline: new Date(Date.now() + AN_HOUR_MS),
    ...change,
  };
}

export function anAction(uuid: string, change: Partial<StartAction> = {}): StartAction {
  return {
    write: 'start-action',
    uuid,
    action: 'create',
    requestId: `req-${randomUUID()}`,
    userId: 'user',
    projectId: 'project',
    at: new Date(),
    ...change,
  };
}

export function aReport(uuid: string, change: Partial<Report> = {}): Report {
  return { write: 'report', uuid, what: 'state', delayMs: 0, ...change };
}

export function aMessage(uuid: string | null, kind = 'fault'): Write {
  return { write: 'message', uuid, kind, payload: { n: 1 } };
}

export function aProviderInstance(uuid: string, change: Partial<SetProviderInstance> = {}): SetProviderInstance {
  return {
    write: 'set-provider-instance',
    uuid,
    providerId: `i-${uuid.slice(0, 8)}`,
    launchToken: `token-${uuid}`,
    zone: 'zone-a',
    state: 'running',
    observed: { privateIp: '10.0.0.1' },
    observedAt: new Date(),
    nextLookAt: null,
    ...change,
  };
}

/** A look that began when the machine was as `aProviderInstance` says. */
export function aLook(uuid: string, change: Partial<ObserveProviderInstance> = {}): ObserveProviderInstance {
  return {
    ...aProviderInstance(uuid),
    write: 'observe-provider-instance',
    before: { state: 'running', nextLookAt: null },
    ...change,
  };
}

export function aMigration(instanceUuid: string, change: Partial<RecordMigration> = {}): RecordMigration {
  return {
    write: 'record-migration',
    uuid: randomUUID(),
    instanceUuid,
    type: 'resize',
    status: 'migrating',
    sourceHost: 'zone-a',
    destHost: 'zone-a',
    oldFlavorId: 6,
    newFlavorId: 7,
    ...change,
  };
}

export function anImage(instanceUuid: string, change: Partial<RecordImage> = {}): RecordImage {
  return {
    write: 'record-image',
    imageId: randomUUID(),
    instanceUuid,
    providerImageId: 'ami-1',
    name: 'before the upgrade',
    kind: 'snapshot',
    backupType: null,
    ...change,
  };
}

export function aBandwidth(uuid: string, change: Partial<SetBandwidth> = {}): SetBandwidth {
  return {
    write: 'set-bandwidth',
    uuid,
    mac: 'fa:16:3e:00:00:01',
    startPeriod: new Date('2026-03-01T00:00:00Z'),
    bytesIn: 1000,
    bytesOut: 2000,
    lastCounterIn: 10,
    lastCounterOut: 20,
    at: new Date('2026-03-02T00:00:00Z'),
    ...change,
  };
}

export function aTaskLog(change: Partial<AddTaskLog> = {}): AddTaskLog {
  return {
    write: 'add-task-log',
    taskName: 'instance_usage_audit',
    host: 'zone-a',
    state: 'RUNNING',
    begin: new Date('2026-02-01T00:00:00Z'),
    end: new Date('2026-03-01T00:00:00Z'),
    message: 'begun',
    items: 3,
    errors: 0,
    ...change,
  };
}
