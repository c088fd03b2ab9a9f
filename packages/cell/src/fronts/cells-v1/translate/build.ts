import type { JsonObject, NewBlockDevice, Write } from '@burstcell/store';
import { type Dialect, isUuid, type NovaField, WireError, type JsonObject as WireObject } from '@burstcell/wire';
import type { Intent, Origin } from '../../../intent.js';
import { buildDevices } from '../../../operations/build-disks.js';
import { report } from '../../../operations/endings.js';
import { type BuildParameters, buildParametersToJson } from '../../../operations/launch-request.js';
import { VmState } from '../../../states.js';
import { habitsOf } from '../release-habits.js';
import { blockDevices, legacyBlockDevices } from './block-devices.js';
import { type Fields, fieldsOf, numberField, plain, plainFields, textField, textsField, wordsField } from './fields.js';
import { instanceColumns } from './instance-columns.js';
import { hostnameOf, numberedName } from './names.js';

export interface Build {
  readonly intents: readonly Intent[];
  readonly writes: readonly Write[];
}

interface BuildContext {
  readonly dialect: Dialect;
  readonly cause: string;
  readonly origin: Origin;
}

/**
 * `build_inst_kwargs` as rows and operations. Common values come from the first instance, as in
 * nova/cells/scheduler.py `_create_instances_here`; each instance has its own uuid and name.
 * Throws WireError `bad-arguments` naming what is missing.
 */
export function translateBuild(kwargs: WireObject, context: BuildContext): Build {
  const instances = instancesOf(kwargs);
  const filter = fieldsOf(kwargs.filter_properties ?? {}, 'filter_properties');
  const flavor = fieldsOf(filter.values.instance_type, 'filter_properties.instance_type');
  const numbered = instances.length > 1 && context.dialect.multiCreateNames === 'child';
  const devices = devicesOf(kwargs, instances[0]?.fields);
  const special = buildDevices(devices);
  const parameters = buildParametersToJson({
    ...buildParameters(kwargs, filter, { first: instances[0]?.fields, imageId: rootImageOf(devices) }),
    ...(special.length === 0 ? {} : { blockDevices: special }),
    reportHints: numbered ? { names: true } : {},
  });
  const shared = { blockDevices: devices, flavor: plainFields(flavor.values), numbered };
  const isSaidAtOnce = habitsOf(context.dialect.release).firstReport === 'on-arrival';

  return {
    intents: instances.map(({ uuid }) => ({ verb: 'build', uuid, parameters, cause: context.cause, origin: context.origin })),
    writes: [
      { write: 'remember-flavor', flavor: shared.flavor },
      ...instances.map((instance, index) => instanceWrite(instance, index, shared)),
      ...(isSaidAtOnce ? instances.map(({ uuid }) => report(uuid)) : []),
    ],
  };
}

interface NamedInstance {
  readonly uuid: string;
  readonly fields: Fields;
}

/** The uuids of a build, for the case that the rest of it makes no sense. */
export function uuidsOfBuild(kwargs: WireObject): readonly string[] {
  const list = Array.isArray(kwargs.instances) ? kwargs.instances : [];
  return list.flatMap((each) => {
    try {
      const uuid = textField(fieldsOf(each, 'instance'), 'uuid');
      return isUuid(uuid ?? undefined) && uuid !== null ? [uuid] : [];
    } catch {
      return [];
    }
  });
}

function instancesOf(kwargs: WireObject): readonly NamedInstance[] {
  const list = kwargs.instances;
  if (!Array.isArray(list) || list.length === 0)
    throw new WireError('bad-arguments', 'build_inst_kwargs.instances is no list of instances');
  return list.map((each, index) => {
    const fields = fieldsOf(each, `build_inst_kwargs.instances[${index}]`);
    const uuid = textField(fields, 'uuid');
    if (uuid === null || !isUuid(uuid))
      throw new WireError('bad-arguments', `build_inst_kwargs.instances[${index}].uuid is not a uuid`);
    return { uuid, fields };
  });
}

interface Shared {
  readonly blockDevices: readonly NewBlockDevice[];
  readonly flavor: JsonObject;
  /** The child numbers the names. */
  readonly numbered: boolean;
}

function instanceWrite({ uuid, fields }: NamedInstance, index: number, shared: Shared): Write {
  const { numbered } = shared;
  const given = textField(fields, 'display_name') ?? uuid;
  const name = numbered ? numberedName(given, index) : given;
  return {
    write: 'insert-instance',
    uuid,
    columns: {
      ...instanceColumns(fields),
      display_name: name,
      hostname: numbered ? hostnameOf(name, uuid) : (textField(fields, 'hostname') ?? hostnameOf(name, uuid)),
      launch_index: numberField(fields, 'launch_index') ?? index,
      vm_state: VmState.BUILDING,
      task_state: 'scheduling',
      power_state: 0,
    },
    metadata: wordsField(fields, 'metadata'),
    systemMetadata: textsField(fields, 'system_metadata'),
    flavor: shared.flavor,
    blockDevices: shared.blockDevices,
    networkInfo: [],
  };
}

interface Known {
  readonly first: Fields | undefined;
  /** Of the root device, where the image is named only there. */
  readonly imageId: string | null;
}

function buildParameters(kwargs: WireObject, filter: Fields, { first, imageId }: Known): Omit<BuildParameters, 'reportHints'> {
  const image = fieldsOf(kwargs.image ?? {}, 'build_inst_kwargs.image');
  return {
    image: plainFields({
      id: image.values.id ?? imageId,
      name: image.values.name ?? null,
      min_disk: image.values.min_disk ?? 0,
      checksum: image.values.checksum ?? null,
      properties: image.values.properties ?? {},
    }),
    injectedFiles: injectedFiles(kwargs.injected_files),
    securityGroups: names(kwargs.security_groups),
    networks: networks(kwargs.requested_networks),
    schedulerHints: asObject(plain((filter.values.scheduler_hints ?? {}) as NovaField)),
    zone: first === undefined ? null : textField(first, 'availability_zone'),
  };
}

function injectedFiles(value: WireObject[string] | undefined): BuildParameters['injectedFiles'] {
  const list = Array.isArray(value) ? value : [];
  return list.flatMap((each) => (Array.isArray(each) && each.length === 2 ? [[String(each[0]), String(each[1])] as const] : []));
}

/** Names or uuids; from Mitaka on possibly objects or dicts with either. */
function names(value: WireObject[string] | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : [];
  return list.flatMap((each) => {
    if (typeof each === 'string') return [each];
    const fields = fieldsOf(each, 'security_groups');
    return [textField(fields, 'uuid') ?? textField(fields, 'name')].filter((name) => name !== null);
  });
}

/** A NetworkRequestList, or the tuples (network, fixed ip, port) of the releases before Juno. */
function networks(value: WireObject[string] | undefined): BuildParameters['networks'] {
  if (value === null || value === undefined) return [];
  const list = Array.isArray(value) ? value : (fieldsOf(value, 'requested_networks').values.objects ?? []);
  return (Array.isArray(list) ? list : []).map((each) => {
    if (Array.isArray(each)) return network(each[0], each[1], each[2]);
    const { values } = fieldsOf(each as NovaField, 'requested_networks');
    return network(values.network_id, values.address, values.port_id);
  });
}

/** `auto` and `none` are clients' words for "any" and "no" network (nova API 2.37). */
function network(id: unknown, fixedIp: unknown, portId: unknown): BuildParameters['networks'][number] {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const networkId = text(id);
  return { networkId: networkId === 'auto' ? null : networkId, fixedIp: text(fixedIp), portId: text(portId) };
}

function rootImageOf(devices: readonly NewBlockDevice[]): string | null {
  return devices.find((device) => device.boot_index === 0 && device.source_type === 'image')?.image_id ?? null;
}

/** Grizzly, and `legacy_bdm` later: the form that leaves the image's disk out. */
function devicesOf(kwargs: WireObject, first: Fields | undefined): readonly NewBlockDevice[] {
  if (kwargs.legacy_bdm !== true) return blockDevices(kwargs.block_device_mapping);
  const image = fieldsOf(kwargs.image ?? {}, 'build_inst_kwargs.image');
  const rootDeviceName = first === undefined ? null : textField(first, 'root_device_name');
  return legacyBlockDevices(kwargs.block_device_mapping, { rootDeviceName, imageId: textField(image, 'id') });
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
