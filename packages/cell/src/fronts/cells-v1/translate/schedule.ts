import { isJsonObject, isUuid, type JsonObject, type JsonValue, WireError } from '@burstcell/wire';

/**
 * `host_sched_kwargs` of Grizzly's `schedule_run_instance` in the form of `build_inst_kwargs`: there the values common to
 * all servers and their uuids come apart. Throws WireError `bad-arguments` naming what is missing.
 */
export function buildFromSchedule(kwargs: JsonObject): JsonObject {
  const spec = objectAt(kwargs, 'request_spec');
  const filter = isJsonObject(kwargs.filter_properties) ? kwargs.filter_properties : {};
  return {
    instances: instancesOf(spec),
    image: isJsonObject(spec.image) ? spec.image : {},
    filter_properties: { ...filter, instance_type: spec.instance_type ?? null },
    admin_password: kwargs.admin_password ?? null,
    injected_files: kwargs.injected_files ?? [],
    requested_networks: kwargs.requested_networks ?? null,
    security_groups: spec.security_group ?? [],
    block_device_mapping: spec.block_device_mapping ?? [],
    legacy_bdm: true,
  };
}

/** The uuids of a build, for the case that the rest of it makes no sense. */
export function uuidsOfSchedule(kwargs: JsonObject): readonly string[] {
  const uuids = isJsonObject(kwargs.request_spec) ? kwargs.request_spec.instance_uuids : null;
  return Array.isArray(uuids) ? uuids.filter(isUuid) : [];
}

function instancesOf(spec: JsonObject): JsonValue[] {
  const uuids = spec.instance_uuids;
  if (!Array.isArray(uuids) || uuids.length === 0 || !uuids.every(isUuid)) {
    throw new WireError('bad-arguments', 'host_sched_kwargs.request_spec.instance_uuids is no list of uuids');
  }
  const common = objectAt(spec, 'instance_properties');
  return uuids.map((uuid, index) => ({
    ...common,
    uuid,
    launch_index: index,
    display_name: uuids.length > 1 ? templatedName(common.display_name, uuid) : (common.display_name ?? null),
  }));
}

/** The parent has named its own rows by `multi_instance_display_name_template` and does not pass the names on: this is its default. */
function templatedName(name: JsonValue | undefined, uuid: string): JsonValue {
  return typeof name === 'string' ? `${name}-${uuid}` : null;
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  if (!isJsonObject(found)) throw new WireError('bad-arguments', `host_sched_kwargs: ${key} is no object`);
  return found;
}
