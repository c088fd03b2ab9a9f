import {
  computeApiMethodsOf,
  type DetectedRelease,
  detectRelease,
  dialectOf,
  type InterCellMessage,
  isJsonObject,
  type JsonValue,
  methodOf,
  type Release,
  type ReleaseHints,
} from '@burstcell/wire';

/**
 * Which releases a message from the parent can come from, by its envelope, context, objects and method. A parent with other
 * libraries than its release came with is still known by the rest: the context's keys go first, then the Instance's version.
 */
export function evidenceOf(hints: ReleaseHints, message: InterCellMessage): DetectedRelease {
  const instanceVersion = instanceVersionIn(message);
  const versioned = instanceVersion === undefined ? {} : { instanceVersion };
  const { contextKeys: _keys, ...withoutContext } = hints;
  const tries = [{ ...hints, ...versioned }, { ...withoutContext, ...versioned }, withoutContext].map(detectRelease);
  const detected = tries.find(({ candidates }) => candidates.length > 0) ?? { candidates: [], seen: 'nothing known' };
  const sending = detected.candidates.filter((release) => sends(release, message));
  // A method that none of them has tells nothing about the release: it is a wrong message.
  return sending.length === 0 ? detected : { ...detected, candidates: sending };
}

function sends(release: Release, { messageType, methodName, methodKwargs }: InterCellMessage): boolean {
  if (methodName === 'build_instances' || methodName === 'schedule_run_instance') {
    return dialectOf(release).buildMethod === methodName;
  }
  if (methodOf(release, 'down', messageType, methodName) === undefined) return false;
  const info = methodName === 'run_compute_api_method' ? methodKwargs.method_info : undefined;
  return !isJsonObject(info) || computeApiMethodsOf(release).has(String(info.method));
}

/** Version of the Instance that a message carries: of the object, or of the release whose dict it is. */
function instanceVersionIn({ methodKwargs }: InterCellMessage): string | undefined {
  const build = methodKwargs.build_inst_kwargs;
  const first = isJsonObject(build) && Array.isArray(build.instances) ? build.instances[0] : undefined;
  if (first !== undefined) return objectVersion(first) ?? dictVersion(first);
  return objectVersion(methodKwargs.instance);
}

function objectVersion(instance: JsonValue | undefined): string | undefined {
  const version = isJsonObject(instance) ? instance['nova_object.version'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/**
 * Builds carry dicts until Juno, made of the fields that each release's Instance has (nova/objects/instance.py). What is not
 * there may only be unset, so it tells nothing.
 */
function dictVersion(instance: JsonValue): string | undefined {
  if (!isJsonObject(instance) || !Object.hasOwn(instance, 'vm_state')) return undefined;
  if (Object.hasOwn(instance, 'numa_topology')) return '1.15';
  return Object.hasOwn(instance, 'ephemeral_key_uuid') ? '1.13' : undefined;
}
