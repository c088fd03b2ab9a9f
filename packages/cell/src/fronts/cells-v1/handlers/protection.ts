import type { Intent } from '../../../intent.js';
import type { HandlerTools, Incoming } from './handler.js';
import { intentOf } from './instance-verbs.js';

/**
 * What follows from a lock or unlock at a provider that guards locked machines; of an instance that has no row here, nothing:
 * it may be that its build only comes later.
 */
export async function protection(
  uuid: string,
  incoming: Incoming,
  { protects, store }: HandlerTools,
): Promise<readonly Intent[]> {
  if (!protects || !(await store.instances.views([uuid])).has(uuid)) return [];
  return [intentOf(incoming, 'protect', uuid, {})];
}
