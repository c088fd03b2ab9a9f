import type { JsonObject, Store } from '@burstcell/store';
import type { Hosts } from '../hosts.js';

/** nova's hints that name other instances (nova/scheduler/filters/affinity_filter.py). */
const HINTS = ['same_host', 'different_host'];

/** Zones of the instances that a boot's hints name, by uuid; those that are not here, or have no host yet, are left out. */
export async function hintedZones(store: Store, hosts: Hosts, hints: JsonObject): Promise<Readonly<Record<string, string>>> {
  const uuids = HINTS.flatMap((hint) => hints[hint] ?? []).filter((uuid) => typeof uuid === 'string');
  const zones = [...(await store.instances.views(uuids)).values()].flatMap(({ uuid, host, deleted }) => {
    const zone = host === null || deleted !== 0 ? null : hosts.zoneOf(host);
    return zone === null ? [] : [[uuid, zone] as const];
  });
  return Object.fromEntries(zones);
}
