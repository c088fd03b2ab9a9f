import { randomUUID } from 'node:crypto';
import { type DemoFlavor, flavorDict, flavorNamed, flavorObject, flavorSystemMetadata, primitive } from './flavors.js';
import { instanceDict, instanceObject } from './instance-form.js';
import type { JsonObject } from './json.js';
import { versionOf } from './objects.js';
import type { ParentDialect } from './releases.js';
import type { InstanceRow, Tables } from './tables.js';
import { novaTimestamp } from './write-message.js';

/** What a user asks for. */
export interface BootRequest {
  readonly name: string;
  readonly count?: number;
  readonly flavor?: string;
  readonly imageId?: string;
  /** It boots from this volume, and no image is named. */
  readonly volumeId?: string;
  readonly imageProperties?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly hints?: Readonly<Record<string, string>>;
  readonly zone?: string;
  readonly keyName?: string;
  readonly keyData?: string;
  readonly userData?: string;
  readonly projectId?: string;
}

export const DEMO_IMAGE_ID = '00000000-0000-4000-8000-000000000001';
export const DEMO_PROJECT = 'demo';
export const DEMO_USER = 'demo-user';

/** The rows the API cell inserts before the build is sent: building, scheduling, no cell. */
export function insertRows(request: BootRequest, dialect: ParentDialect, tables: Tables): InstanceRow[] {
  const count = request.count ?? 1;
  const reservation = `r-${randomUUID().slice(0, 8)}`;
  return Array.from({ length: count }, (_, index) => {
    const row = newRow(request, { dialect, tables, index, count, reservation });
    tables.instances.set(row.uuid, row);
    return row;
  });
}

interface RowPlace {
  readonly dialect: ParentDialect;
  readonly tables: Tables;
  readonly index: number;
  readonly count: number;
  readonly reservation: string;
}

function newRow(request: BootRequest, place: RowPlace): InstanceRow {
  const flavor = flavorNamed(request.flavor ?? 'm1.tiny');
  const { dialect } = place;
  return {
    uuid: randomUUID(),
    id: place.tables.nextId(),
    columns: columnsFor(request, flavor, place),
    metadata: { ...request.metadata },
    system_metadata: systemMetadata(request, flavor, dialect),
    network_info: [],
    flavor: dialect.objectVerbs ? flavorObject(flavor, dialect) : flavorDict(flavor),
    old_flavor: null,
    new_flavor: null,
    deleted: false,
    complete: true,
    bornAt: Date.now(),
    updates: 0,
  };
}

function columnsFor(request: BootRequest, flavor: DemoFlavor, place: RowPlace): JsonObject {
  const numbered = place.count > 1 && place.dialect.namesBy === 'parent';
  const name = numbered ? `${request.name}-${place.index + 1}` : request.name;
  const hostname = place.count > 1 && place.dialect.namesBy === 'child' ? null : name;
  return {
    user_id: DEMO_USER,
    project_id: request.projectId ?? DEMO_PROJECT,
    display_name: name,
    display_description: null,
    hostname,
    image_ref: imageRef(request),
    kernel_id: '',
    ramdisk_id: '',
    launch_index: place.index,
    key_name: request.keyName ?? null,
    key_data: request.keyData ?? null,
    user_data: request.userData === undefined ? null : Buffer.from(request.userData).toString('base64'),
    power_state: 0,
    vm_state: 'building',
    task_state: 'scheduling',
    progress: 0,
    memory_mb: flavor.memory_mb,
    vcpus: flavor.vcpus,
    root_gb: flavor.root_gb,
    ephemeral_gb: 0,
    instance_type_id: flavor.id,
    reservation_id: place.reservation,
    availability_zone: request.zone ?? null,
    host: null,
    node: null,
    launched_on: null,
    cell_name: null,
    config_drive: '',
    root_device_name: null,
    locked: false,
    locked_by: null,
    created_at: novaTimestamp(new Date()),
    updated_at: null,
    launched_at: null,
    terminated_at: null,
  };
}

function systemMetadata(request: BootRequest, flavor: DemoFlavor, dialect: ParentDialect): Record<string, string> {
  return {
    ...(dialect.flavorInSystemMetadata ? flavorSystemMetadata(flavor) : {}),
    image_base_image_ref: imageRef(request),
    image_container_format: 'bare',
    image_disk_format: 'qcow2',
    image_min_disk: '1',
    image_min_ram: '0',
    owner_project_name: request.projectId ?? DEMO_PROJECT,
    owner_user_name: DEMO_USER,
  };
}

/** `build_instances` (Havana on) or `schedule_run_instance` (Grizzly): the method and its arguments. */
export function buildMessage(
  rows: readonly InstanceRow[],
  request: BootRequest,
  dialect: ParentDialect,
): { method: string; kwargs: JsonObject } {
  const flavor = flavorNamed(request.flavor ?? 'm1.tiny');
  if (!dialect.objectVerbs)
    return { method: 'schedule_run_instance', kwargs: { host_sched_kwargs: scheduleKwargs(rows, request, flavor) } };
  const build: JsonObject = {
    instances: rows.map((row) => (dialect.objectsInBuild ? instanceObject(row, dialect, { whole: true }) : instanceDict(row))),
    image: imageDict(request),
    filter_properties: {
      scheduler_hints: { ...request.hints },
      instance_type: dialect.objectsInBuild ? flavorObject(flavor, dialect) : flavorDict(flavor),
    },
    admin_password: 'demo-password',
    injected_files: [],
    requested_networks: requestedNetworks(dialect),
    security_groups: ['default'],
    block_device_mapping: blockDevices(request, dialect),
  };
  if (!dialect.objectsInBuild) build.legacy_bdm = false;
  return { method: 'build_instances', kwargs: { build_inst_kwargs: build } };
}

function requestedNetworks(dialect: ParentDialect): JsonObject[string] {
  if (!dialect.objectsInDicts || dialect.release !== 'rocky') return null;
  const request = primitive('NetworkRequest', versionOf('NetworkRequest', dialect.release), { network_id: 'auto' }, [
    'network_id',
  ]);
  return primitive('NetworkRequestList', versionOf('NetworkRequestList', dialect.release), { objects: [request] }, ['objects']);
}

/** Empty where no image is named (nova/compute/api.py). */
function imageRef({ imageId, volumeId }: BootRequest): string {
  return volumeId === undefined ? (imageId ?? DEMO_IMAGE_ID) : '';
}

function imageDict(request: BootRequest): JsonObject {
  if (request.volumeId !== undefined) return {};
  return {
    id: request.imageId ?? DEMO_IMAGE_ID,
    name: 'demo-image',
    status: 'active',
    size: 832,
    min_ram: 0,
    min_disk: 0,
    owner: DEMO_PROJECT,
    is_public: true,
    container_format: 'bare',
    disk_format: 'qcow2',
    checksum: 'd4c06b13b9a0221735b45eca7facefcf',
    properties: { ...request.imageProperties },
    created_at: '2026-01-01T00:00:00.000000',
    updated_at: '2026-01-01T00:00:00.000000',
    deleted_at: null,
    deleted: false,
  };
}

function blockDevices(request: BootRequest, dialect: ParentDialect): JsonObject[string] {
  const { volumeId } = request;
  const device: JsonObject = {
    boot_index: 0,
    connection_info: null,
    delete_on_termination: volumeId === undefined,
    destination_type: volumeId === undefined ? 'local' : 'volume',
    device_name: null,
    device_type: 'disk',
    disk_bus: null,
    guest_format: null,
    image_id: volumeId === undefined ? imageRef(request) : null,
    no_device: false,
    snapshot_id: null,
    source_type: volumeId === undefined ? 'image' : 'volume',
    volume_id: volumeId ?? null,
    volume_size: null,
  };
  if (!dialect.objectsInBuild) return [device];
  const object = primitive('BlockDeviceMapping', versionOf('BlockDeviceMapping', dialect.release), device, Object.keys(device));
  return primitive('BlockDeviceMappingList', versionOf('BlockDeviceMappingList', dialect.release), { objects: [object] }, [
    'objects',
  ]);
}

function scheduleKwargs(rows: readonly InstanceRow[], request: BootRequest, flavor: DemoFlavor): JsonObject {
  const [first] = rows;
  return {
    request_spec: {
      image: imageDict(request),
      instance_properties: {
        ...first?.columns,
        display_name: request.name,
        metadata: { ...first?.metadata },
        system_metadata: { ...first?.system_metadata },
      },
      instance_type: flavorDict(flavor),
      instance_uuids: rows.map((row) => row.uuid),
      block_device_mapping: legacyDevices(request),
      security_group: ['default'],
    },
    filter_properties: { scheduler_hints: { ...request.hints } },
    admin_password: 'demo-password',
    injected_files: [],
    requested_networks: null,
    is_first_time: true,
  };
}

/** The form of EC2's API: it names no source and no boot order (nova/block_device.py, Havana). */
function legacyDevices({ volumeId }: BootRequest): JsonObject[] {
  if (volumeId === undefined) return [];
  return [{ device_name: 'vda', volume_id: volumeId, snapshot_id: null, volume_size: null, delete_on_termination: false }];
}
