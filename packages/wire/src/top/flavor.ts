import { ObjectInput } from '../objects/object.js';
import type { FlavorReport } from './reports.js';

/** A Flavor as the parent keeps it beside the instance: every field set, for nothing loads it later. */
export function flavorInput(flavor: FlavorReport): ObjectInput {
  return new ObjectInput('Flavor', {
    id: flavor.id,
    name: flavor.name,
    flavorid: flavor.flavorid,
    memory_mb: flavor.memory_mb,
    vcpus: flavor.vcpus,
    root_gb: flavor.root_gb,
    ephemeral_gb: flavor.ephemeral_gb,
    swap: flavor.swap,
    rxtx_factor: flavor.rxtx_factor,
    vcpu_weight: flavor.vcpu_weight,
    disabled: flavor.disabled ?? false,
    is_public: flavor.is_public ?? true,
    extra_specs: { ...flavor.extra_specs },
    description: flavor.description ?? null,
    deleted: false,
    created_at: null,
    updated_at: null,
    deleted_at: null,
  });
}

/**
 * The ten keys of system_metadata that are the flavor in Grizzly to Juno, and that a Kilo parent moves into its own store.
 * All strings; only the weight may be null (an empty text breaks Kilo).
 */
export function flavorKeys(flavor: FlavorReport): Record<string, string | null> {
  return {
    instance_type_id: String(flavor.id),
    instance_type_name: flavor.name,
    instance_type_memory_mb: String(flavor.memory_mb),
    instance_type_vcpus: String(flavor.vcpus),
    instance_type_root_gb: String(flavor.root_gb),
    instance_type_ephemeral_gb: String(flavor.ephemeral_gb),
    instance_type_flavorid: flavor.flavorid,
    instance_type_swap: String(flavor.swap),
    instance_type_rxtx_factor: String(flavor.rxtx_factor),
    instance_type_vcpu_weight: flavor.vcpu_weight === null ? null : String(flavor.vcpu_weight),
  };
}
