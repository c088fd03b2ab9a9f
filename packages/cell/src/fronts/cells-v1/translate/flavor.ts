import type { JsonObject } from '@burstcell/store';
import type { FlavorReport } from '@burstcell/wire';

/**
 * A flavor as it came down, in a form that can go up again; null when what a parent cannot do without is missing (a list of
 * the whole project fails on one incomplete flavor).
 */
export function flavorReport(flavor: JsonObject | null): FlavorReport | null {
  if (flavor === null) return null;
  const id = numberOf(flavor.id);
  const memory = numberOf(flavor.memory_mb);
  const vcpus = numberOf(flavor.vcpus);
  const { name, flavorid } = flavor;
  if (id === null || memory === null || vcpus === null || typeof name !== 'string' || flavorid == null) return null;
  return {
    id,
    name,
    flavorid: String(flavorid),
    memory_mb: memory,
    vcpus,
    root_gb: numberOf(flavor.root_gb) ?? 0,
    ephemeral_gb: numberOf(flavor.ephemeral_gb) ?? 0,
    swap: numberOf(flavor.swap) ?? 0,
    rxtx_factor: numberOf(flavor.rxtx_factor) ?? 1,
    vcpu_weight: numberOf(flavor.vcpu_weight),
    disabled: flavor.disabled === true,
    is_public: flavor.is_public !== false,
    extra_specs: textsOf(flavor.extra_specs),
    description: typeof flavor.description === 'string' ? flavor.description : null,
  };
}

/** The ten keys that are a flavor in Grizzly to Juno (nova/compute/flavors.py save_flavor_info), all texts but a weight that is none. */
export function flavorKeys(flavor: FlavorReport, prefix: '' | 'old_' | 'new_' = ''): Readonly<Record<string, string | null>> {
  const text = (value: string | number | null) => (value === null ? null : String(value));
  const named = {
    id: text(flavor.id),
    name: flavor.name,
    memory_mb: text(flavor.memory_mb),
    vcpus: text(flavor.vcpus),
    root_gb: text(flavor.root_gb),
    ephemeral_gb: text(flavor.ephemeral_gb),
    flavorid: flavor.flavorid,
    swap: text(flavor.swap),
    rxtx_factor: text(flavor.rxtx_factor),
    vcpu_weight: text(flavor.vcpu_weight),
  };
  return Object.fromEntries(Object.entries(named).map(([key, value]) => [`${prefix}instance_type_${key}`, value]));
}

/** Whether a key of system_metadata belongs to a flavor: the current one, or those of a resize. */
export function isFlavorKey(key: string): boolean {
  return /^(old_|new_)?instance_type_/.test(key);
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, String(each)]));
}
