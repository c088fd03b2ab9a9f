import type { JsonObject } from './json.js';
import { fieldsOf, versionOf } from './objects.js';
import type { ParentDialect } from './releases.js';

export interface DemoFlavor {
  readonly id: number;
  readonly flavorid: string;
  readonly name: string;
  readonly memory_mb: number;
  readonly vcpus: number;
  readonly root_gb: number;
  readonly extra_specs?: Readonly<Record<string, string>>;
}

/** The flavors every OpenStack of that time came with, and one that nothing can hold. */
export const FLAVORS: readonly DemoFlavor[] = [
  { id: 1, flavorid: '1', name: 'm1.tiny', memory_mb: 512, vcpus: 1, root_gb: 1 },
  { id: 2, flavorid: '2', name: 'm1.small', memory_mb: 2048, vcpus: 1, root_gb: 20 },
  { id: 3, flavorid: '3', name: 'm1.medium', memory_mb: 4096, vcpus: 2, root_gb: 40 },
  { id: 4, flavorid: '4', name: 'm1.large', memory_mb: 8192, vcpus: 4, root_gb: 80 },
  { id: 9, flavorid: '9', name: 'x1.huge', memory_mb: 67_108_864, vcpus: 1024, root_gb: 80 },
];

export function flavorNamed(name: string): DemoFlavor {
  const flavor = FLAVORS.find((candidate) => candidate.name === name);
  if (!flavor) throw new Error(`no flavor ${name}: there are ${FLAVORS.map((candidate) => candidate.name).join(', ')}`);
  return flavor;
}

/** The flavor's row as a plain dict (all releases). */
export function flavorDict(flavor: DemoFlavor): JsonObject {
  return {
    id: flavor.id,
    flavorid: flavor.flavorid,
    name: flavor.name,
    memory_mb: flavor.memory_mb,
    vcpus: flavor.vcpus,
    root_gb: flavor.root_gb,
    ephemeral_gb: 0,
    swap: 0,
    rxtx_factor: 1,
    vcpu_weight: 0,
    disabled: false,
    is_public: true,
    extra_specs: { ...flavor.extra_specs },
    created_at: null,
    updated_at: null,
    deleted_at: null,
    deleted: false,
  };
}

export function flavorObject(flavor: DemoFlavor, dialect: ParentDialect): JsonObject {
  const fields = fieldsOf('Flavor', dialect.release) ?? new Map<string, string>();
  const data = { ...flavorDict(flavor), projects: undefined, description: null };
  const entries = Object.entries(data).filter(([key, value]) => fields.has(key) && value !== undefined);
  return primitive('Flavor', versionOf('Flavor', dialect.release), Object.fromEntries(entries) as JsonObject);
}

/** A versioned object as it travels. */
export function primitive(name: string, version: string, data: JsonObject, changes: readonly string[] = []): JsonObject {
  const object: JsonObject = {
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': version,
    'nova_object.data': data,
  };
  if (changes.length > 0) object['nova_object.changes'] = [...changes];
  return object;
}

/** Up to Juno an instance keeps its flavor in ten keys of its system_metadata. */
export function flavorSystemMetadata(flavor: DemoFlavor): Record<string, string> {
  return Object.fromEntries(
    Object.entries({
      id: flavor.id,
      name: flavor.name,
      memory_mb: flavor.memory_mb,
      vcpus: flavor.vcpus,
      root_gb: flavor.root_gb,
      ephemeral_gb: 0,
      flavorid: flavor.flavorid,
      swap: 0,
      rxtx_factor: 1,
      vcpu_weight: 0,
    }).map(([key, value]) => [`instance_type_${key}`, String(value)]),
  );
}
